-- util.rsm: result set management (XEP-0059) between <set/> elements and tables. Keys: max, index, count (numbers), after, last
-- (strings), before (a string, or true if empty), first (a string, or { id, index = n }).

local st = require "util.stanza";

local NS = "http://jabber.org/protocol/rsm";

local function number(element)
	return tonumber(element:get_text());
end

local function text(element)
	return element:get_text();
end

local readers = {
	max = number, index = number, count = number, after = text, last = text;
	before = function (element)
		local id = element:get_text();
		return (id == nil or id == "") or id;
	end;
	first = function (element)
		return { element:get_text(), index = tonumber(element.attr.index) };
	end;
};

local function whole(n)
	return n and ("%d"):format(n);
end

local function write_number(set, name, value) set:text_tag(name, whole(value)); end
local function write_text(set, name, value) set:text_tag(name, value); end

local writers = {
	max = write_number, index = write_number, count = write_number, after = write_text, last = write_text;
	before = function (set, name, id)
		if id == true then
			set:tag(name):up();
		else
			set:text_tag(name, id);
		end
	end;
	first = function (set, name, id)
		if type(id) == "table" then
			set:text_tag(name, id[1], { index = whole(id.index) });
		else
			set:text_tag(name, id);
		end
	end;
};

local function parse(set)
	local result = {};
	for element in set:childtags() do
		local read = readers[element.name];
		if read then result[element.name] = read(element); end
	end
	return result;
end

-- Keys it does not know are left out.
local function generate(values)
	local set = st.stanza("set", { xmlns = NS });
	for name, value in pairs(values) do
		if writers[name] then writers[name](set, name, value); end
	end
	return set;
end

-- The table of the <set/> in an element; nil if it has none or an empty one.
local function get(element)
	local set = element:get_child("set", NS);
	if set and set.tags[1] then
		return parse(set);
	end
end

return { get = get, parse = parse, generate = generate };
