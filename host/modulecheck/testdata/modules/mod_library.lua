local st = require "util.stanza";
local magic = require "util.magic";
