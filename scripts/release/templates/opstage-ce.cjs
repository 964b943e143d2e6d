#!/usr/bin/env node
'use strict';
// Runs on any Node, to say which one is needed: no newer syntax here.
var fs = require('fs');
var spawn = require('child_process').spawn;
var constants = require('os').constants;
var path = require('path');

var root = path.join(__dirname, '..');
var manifest = require(path.join(root, 'package.json'));
var required = /\d+\.\d+/.exec(manifest.engines.node)[0].split('.');
var present = process.versions.node.split('.');
var isRecent = +present[0] > +required[0] || (+present[0] === +required[0] && +present[1] >= +required[1]);

if (!isRecent) {
  console.error(
    'Opstage CE needs Node ' +
      required.join('.') +
      ' or newer; ' +
      process.execPath +
      ' is Node ' +
      process.versions.node +
      '.',
  );
  process.exit(78);
}

// Settings of .env in the working directory, as in a checkout.
var options = manifest.opstage.nodeArguments.concat(fs.existsSync('.env') ? '--env-file=.env' : []);
var program = path.join(root, 'dist', 'server', 'bundle', 'opstage.js');
var child = spawn(process.execPath, options.concat(program, process.argv.slice(2)), { stdio: 'inherit' });
// A terminal sends its ctrl-C to the server as well: there this process only waits.
['SIGTERM', 'SIGHUP'].forEach(function (signal) {
  process.on(signal, function () {
    child.kill('SIGTERM');
  });
});
process.on('SIGINT', function () {
  if (!process.stdin.isTTY) child.kill('SIGINT');
});
child.on('error', function (error) {
  console.error(error.message);
  process.exit(1);
});
child.on('exit', function (code, signal) {
  process.exit(code === null ? 128 + constants.signals[signal] : code);
});
