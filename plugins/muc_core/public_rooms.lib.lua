-- The list of public rooms that the service shows (XEP-0045 #disco-rooms; M6, M7). An index in memory: rooms in the store are
-- read once, on first use, and not at all taken into memory.

local permission = module:require "permission";

local may_list = permission.define("list-rooms", "prosody:guest");

local names = {}; -- room JID → name, "" if it has none
local each_stored; -- source of what was in the store at the start; nil once it has been read

local function update(room)
	names[room.jid] = room:get_public() and (room:get_name() or "") or nil;
end

local function remove(room)
	names[room.jid] = nil;
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
			names[jid] = type(data.name) == "string" and data.name or "";
		end
	end);
end

module:hook("host-disco-items", function (event)
	if event.stanza and not may_list(event.stanza.attr.from) then return; end
	if each_stored then
		read_stored();
	end
	for jid, name in pairs(names) do
		event.reply:tag("item", { jid = jid; name = name ~= "" and name or nil }):up();
	end
end);

return { update = update, remove = remove, set_source = set_source };
