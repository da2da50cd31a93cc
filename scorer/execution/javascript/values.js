'use strict';
// Stands before the other programs of this folder: what they need of Node, kept
// before a candidate can replace it, and lines over a descriptor.
const {readSync, writeSync, readFileSync} = require('fs');
const {compileFunction} = require('vm');
const {parse, stringify} = JSON;
const {isArray} = Array;
const {fromEntries, getPrototypeOf, keys} = Object;
const {isInteger} = Number;

// The lines that come in by a descriptor.
class Lines {
  constructor(fd, longest = Infinity) {
    this.fd = fd;
    this.longest = longest;
    this.size = 0;
    this.buffer = Buffer.allocUnsafe(1 << 16);
    this.parts = [];
    this.rest = Buffer.alloc(0);
  }

  // The next line, or null where the other side is gone.
  next() {
    for (;;) {
      const end = this.rest.indexOf(10);
      if (end >= 0) {
        this.parts.push(this.rest.subarray(0, end));
        const line = Buffer.concat(this.parts).toString('latin1');
        this.parts = [];
        this.size = 0;
        this.rest = this.rest.subarray(end + 1);
        return line;
      }
      this.parts.push(Buffer.from(this.rest));
      this.size += this.rest.length;
      if (this.size > this.longest) throw new RangeError('a line too long');
      const size = readSync(this.fd, this.buffer, 0, this.buffer.length, null);
      if (size === 0) return null;
      this.rest = this.buffer.subarray(0, size);
    }
  }
}

function say(fd, text) {
  let data = Buffer.from(text + '\n');
  while (data.length > 0) {
    data = data.subarray(writeSync(fd, data, 0, data.length));
  }
}

function describe(error) {
  try {
    if (error instanceof Error) {
      return `${error.name}: ${error.message}`.slice(0, 300).replace(/\s/g, ' ');
    }
    return 'thrown: ' + String(error).slice(0, 200).replace(/\s/g, ' ');
  } catch {
    return 'an error that can not be told';
  }
}

// The candidate's function: a global of its script, or what it exports.
function load(program, entryPoint) {
  const module = {exports: {}};
  const text = `${program}
;return typeof ${entryPoint} !== 'undefined' ? ${entryPoint}
    : module.exports.${entryPoint};`;
  const run = compileFunction(text,
      ['require', 'module', 'exports', '__filename', '__dirname'],
      {filename: 'candidate.js'});
  const found = run.call(module.exports, require, module, module.exports,
      '/box/candidate.js', '/box');
  if (typeof found !== 'function') {
    throw new TypeError(`${entryPoint} is not a function`);
  }
  return found;
}
