import abc, argparse, array, ast, base64, binascii, bisect, calendar, cmath
import collections, contextlib, copy, csv, dataclasses, datetime, decimal
import difflib, enum, fractions, functools, gc, hashlib, heapq, hmac, html
import inspect, io, itertools, json, keyword, locale, logging, math, numbers
import operator, os, pathlib, pickle, pprint, queue, random, re, secrets
import shlex, shutil, signal, socket, sqlite3, statistics, string, struct
import subprocess, sys, tempfile, textwrap, threading, time, tokenize, traceback
import types, typing, unicodedata, unittest, urllib.parse, uuid, warnings
import weakref, xml.etree.ElementTree, zlib


def solve(text):
    digest = hashlib.sha256(text.encode()).hexdigest()
    table = sqlite3.connect(":memory:")
    table.execute("create table t (x text)")
    table.execute("insert into t values (?)", (text,))
    stored, = table.execute("select x from t").fetchone()
    packed = zlib.decompress(zlib.compress(pickle.dumps(stored)))
    return [digest, json.loads(json.dumps(pickle.loads(packed))),
            str(decimal.Decimal("0.1") + decimal.Decimal("0.2")),
            str(fractions.Fraction(1, 3) * 2)]
# TESTS
import hashlib


def check(candidate):
    assert candidate("é") == [hashlib.sha256("é".encode()).hexdigest(), "é",
                              "0.3", "2/3"]
