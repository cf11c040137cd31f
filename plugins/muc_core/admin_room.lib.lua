-- Rooms as admins of the service name them.

local jid_prep = require "util.jid".prep;
local jid_split = require "util.jid".split;

-- The JID as it should be, or nil and what is wrong with it.
local function check(room_jid)
	local jid = type(room_jid) == "string" and jid_prep(room_jid) or nil;
	local node, host, resource = jid_split(jid);
	if not node or resource then
		return nil, tostring(room_jid).." is not the address of a room";
	elseif host ~= module.host then
		return nil, room_jid.." is not a room of "..module.host;
	end
	return jid;
end

-- The room, or nil and why not.
local function find(room_jid)
	local jid, problem = check(room_jid);
	if not jid then return nil, problem; end
	local room, err = get_room_from_jid(jid);
	if err then
		return nil, jid.." cannot be read";
	elseif room == false then
		return nil, "There is no place in memory for "..jid;
	elseif not room or room._data.destroyed then
		return nil, "There is no room "..jid;
	end
	return room;
end

return { check = check; find = find };
