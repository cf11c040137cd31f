-- What a nick looks like. Nicks that differ only in case, in the width of spaces or by letters of the same shape are one to the eye, and
-- whoever got hold of such a one could pass for its holder (RFC 8266 §2; UTS 39 §4).

local encodings = require "util.encodings";

local nameprep = encodings.stringprep.nameprep;
-- COMPAT Prosody can be built without it; then letters of other alphabets are not found out.
local skeleton = encodings.confusable and encodings.confusable.skeleton or function (text) return text; end;

local function looks(nick)
	local folded = nameprep(nick) or nick:lower();
	folded = folded:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", "");
	return skeleton(folded):lower(); -- the skeleton of a digit may be a capital
end

return { looks = looks };
