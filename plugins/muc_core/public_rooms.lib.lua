-- The list of public rooms that the service shows (XEP-0045 #disco-rooms; M6, M7). An index in memory: rooms in the store are
-- read once, on first use, and not at all taken into memory. Who asks for pages gets pages (XEP-0059).

local rsm = require "util.rsm";

local permission = module:require "permission";
local xmlns = module:require "xmlns";

local may_list = permission.define("list-rooms", "prosody:guest");

local names = {}; -- room JID → name, "" if it has none
local sorted; -- the JIDs in names, in order; nil until somebody asks for a page
local each_stored; -- source of what was in the store at the start; nil once it has been read

local function set(jid, name)
	if (names[jid] == nil) ~= (name == nil) then
		sorted = nil;
	end
	names[jid] = name;
end

local function update(room)
	set(room.jid, room:get_public() and (room:get_name() or "") or nil);
end

local function remove(room)
	set(room.jid, nil);
end

-- each(f) calls f(room JID, stored configuration) for all rooms in the store.
local function set_source(each)
	each_stored = each;
end

local function read_stored()
	local each = each_stored;
	each_stored = nil;
	each(function (jid, config)
		local data = config._data;
		if not data.hidden and names[jid] == nil then
			set(jid, type(data.name) == "string" and data.name or "");
		end
	end);
end

local function sort()
	sorted = {};
	for jid in pairs(names) do
		sorted[#sorted + 1] = jid;
	end
	table.sort(sorted);
end

-- How many rooms come before this JID, or with it, if it is meant, too. It need not be a room's any longer.
local function number_before(jid, inclusive)
	local low, high = 1, #sorted + 1;
	while low < high do
		local middle = math.floor((low + high) / 2);
		if sorted[middle] < jid or (inclusive and sorted[middle] == jid) then
			low = middle + 1;
		else
			high = middle;
		end
	end
	return low - 1;
end

-- A number of a client's; default if it is none, or below 0.
local function whole(number, default)
	return number and number >= 0 and math.floor(number) or default;
end

-- The places of the first and the last room of the page that is asked for; the first is behind the last if there is none.
local function range(wish)
	local size, before = whole(wish.max, math.huge), wish.before;
	local first, last = whole(wish.index, 0) + 1, #sorted;
	if wish.after then
		first = math.max(first, number_before(wish.after, true) + 1);
	end
	if type(before) == "string" then
		last = number_before(before, false);
	end
	if before then
		return math.max(first, last - size + 1), last;
	end
	return first, math.min(last, first + size - 1);
end

local function add_item(reply, jid)
	local name = names[jid];
	reply:tag("item", { jid = jid; name = name ~= "" and name or nil }):up();
end

local function add_page(reply, wish)
	if not sorted then
		sort();
	end
	if #sorted == 0 then return; end -- XEP-0059 #forwards
	local first, last = range(wish);
	for place = first, last do
		add_item(reply, sorted[place]);
	end
	local is_empty = first > last;
	reply:add_child(rsm.generate {
		first = not is_empty and { sorted[first]; index = first - 1 } or nil;
		last = not is_empty and sorted[last] or nil;
		count = #sorted;
	});
end

module:add_feature(xmlns.rsm);

-- A page has rooms only: what others add to the list would be on each.
module:hook("host-disco-items", function (event)
	local reply, stanza = event.reply, event.stanza;
	if stanza and not may_list(stanza.attr.from) then return; end
	if each_stored then
		read_stored();
	end
	local wish = stanza and rsm.get(stanza.tags[1]);
	if wish then
		add_page(reply, wish);
		event.origin.send(reply);
		return true;
	end
	for jid in pairs(names) do
		add_item(reply, jid);
	end
end);

return { update = update, remove = remove, set_source = set_source };
