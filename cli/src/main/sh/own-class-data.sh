#!/bin/sh
# own-class-data.sh JAVA JAR ARCHIVE: makes the archive from which this JVM, with the options of the launcher, maps the
# classes of prefork.jar and those of its own that it needs, instead of reading and checking them at each start.
set -eu
java=$1
jar=$2
archive=$3
# Those of whoever builds mean nothing to it.
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
options="-Xms16m -Xmx96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"

work=$(mktemp -d "$archive.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' HUP INT TERM
# A short life, of which it notes the classes.
# shellcheck disable=SC2086 # words
"$java" $options -XX:DumpLoadedClassList="$work/classes" -jar "$jar" run -w 1 --exec true </dev/null >"$work/output" 2>&1
# shellcheck disable=SC2086
"$java" $options -Xshare:dump -XX:SharedClassListFile="$work/classes" -XX:SharedArchiveFile="$work/archive" -cp "$jar" \
    </dev/null >"$work/output" 2>&1
mv "$work/archive" "$archive"
