// Sends what it is sent, as JavaScript has it: with a tag, and numbers as doubles.
process.on('message', (message) => {
  process.send({ '@type': message['@type'], ...message });
});
