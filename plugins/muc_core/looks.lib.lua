-- What a nick looks like. Nicks that differ only in case, in the width of letters, in spaces, or by letters of the same shape are one to
-- the eye, and whoever got hold of such a one could pass for its holder (RFC 8266 §2; UTS 39 §4).

local encodings = require "util.encodings";

-- COMPAT Prosody knows no PRECIS; its nameprep folds case and width, too, but leaves most spaces alone.
local fold = encodings.precis and encodings.precis.nickname or encodings.stringprep.nameprep;
-- COMPAT Prosody can be built without it; then letters of other alphabets are not found out.
local skeleton = encodings.confusable and encodings.confusable.skeleton or function (text) return text; end;

local function folded(text)
	local spaced = text:find("%s") and text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", "") or text;
	return fold(spaced) or spaced:lower();
end

-- Returns two texts; nicks that have one of them in common look alike. A capital may have the shape of another small letter (I, l), and
-- letters of another alphabet may have small ones of another shape, so neither order of folding and comparing shapes finds all.
local function looks(nick)
	return skeleton(folded(nick)), folded(skeleton(nick));
end

return { looks = looks };
