#!/bin/sh
# Bundle what d3.js names into d3.min.js, in the versions of package-lock.json, with the licences of its packages, and
# record the hashes that the tests check. Needs Node.js 18 or newer and npm; nothing else of the project does.
set -eu
cd "$(dirname "$0")"
npm ci --no-audit --no-fund --silent
npx --no-install esbuild d3.js --bundle --minify --format=iife --global-name=d3 --target=es2020 --charset=utf8 \
    --legal-comments=none --log-level=warning --outfile=d3.min.js
for licence in node_modules/*/LICENSE; do
    package=$(dirname "$licence")
    printf '== %s %s\n\n' "$(basename "$package")" "$(node -p "require('./$package/package.json').version")"
    cat "$licence"
    echo
done | cat -s > LICENSE-d3
printf '%s\n' "$(cat LICENSE-d3)" > LICENSE-d3
sha256sum build.sh d3.js d3.min.js package.json package-lock.json LICENSE-d3 > d3.sha256
rm -r node_modules
