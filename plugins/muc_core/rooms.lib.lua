-- All rooms of the service: some in memory, the others in the store (M6, M16, M21–M27).

local cache = require "util.cache";
local jid_bare = require "util.jid".bare;
local jid_host = require "util.jid".host;
local jid_node = require "util.jid".node;
local jid_prep = require "util.jid".prep;

local store = module:require "store";
local public_rooms = module:require "public_rooms";
local refusal = module:require "refusal";

local max_rooms = module:get_option_number("muc_max_rooms"); -- in memory; nothing is swapped out then
local cache_size = module:get_option_number("muc_room_cache_size", 1000); -- rooms, at least 1

local hit = module:measure("room_hit", "rate");
local miss = module:measure("room_miss", "rate");
local eviction = module:measure("room_eviction", "rate");
local live_rooms_gauge = module:measure("live_room", "amount");

local freeze = room_mt.freeze;

local live; -- the rooms in memory: a cache from JID to room

-- room.save. forced: remove a room that is not persistent from the store. with_state: write everything, persistent or not.
-- people: a set of bare JIDs whose affiliations are all that has changed; nil if more has. Returns true, or nil and an error.
local function save(room, forced, with_state, people)
	if room._has_left_store then
		return true; -- it is being destroyed, and another may be in its place
	elseif not with_state and room:save_later() then
		return true;
	elseif room._is_swapped_out then -- somebody still holds it
		if live:get(room.jid) then return nil, "it has come back as another object"; end
		with_state = true;
	end
	if people and not with_state and room.freeze == freeze and store.save_people(room, people) then
		return true;
	end
	local ok, err = store.save(room, forced, with_state);
	if ok then
		public_rooms.update(room);
	end
	return ok, err;
end

-- A room that cannot be written stays in memory, even if that means that another one has to stay out.
local function evict(jid, room)
	if max_rooms then
		module:log("info", "There are %d rooms, no new ones are allowed", max_rooms);
		return false;
	end
	eviction();
	local ok, err = room:save(nil, true);
	if not ok then
		module:log("error", "Room %s was not swapped out: %s", jid, err);
		return false;
	end
	room._is_swapped_out = true;
end

live = cache.new(max_rooms or cache_size, evict);
local live_get, live_set = live.get, live.set; -- for each stanza: a method is a function that is looked for first

module:hook_global("stats-update", function ()
	live_rooms_gauge(live:count());
end);

-- Takes a room into memory; false if there is no place. room.save is a field, as others wrap it per room.
local function track(room)
	if not live:set(room.jid, room) then
		return false;
	end
	room.save, room._is_swapped_out = save, nil;
	return room;
end

-- Removes a room from memory, without saving it.
local function forget(room)
	room.save = nil;
	live:set(room.jid, nil);
end

-- Removes a room from the store; it may stay in memory. Returns true, or nil and an error.
local function delete(room)
	local ok, err = store.erase(room);
	if ok then
		public_rooms.remove(room);
	end
	return ok, err;
end

-- Returns the room; nil if there is none; nil and an error if its record cannot be read; false if it cannot be taken into memory.
local function restore(jid)
	local room, state = store.restore(jid);
	if not room then
		return room, state;
	elseif not track(room) then
		return false;
	end
	if state then
		store.forget_state(jid);
	end
	module:fire_event("muc-room-restored", { jid = jid; room = room });
	return room;
end

local function get(jid)
	local room = live_get(live, jid);
	if not room then
		miss();
		if jid_host(jid) ~= module.host then
			return nil; -- the store knows rooms by the first part of their JID alone
		end
		return restore(jid);
	end
	hit();
	live_set(live, jid, room); -- used last, evicted last
	return room;
end

-- A persistent room is in the store as soon as it exists for others. Returns the room, or nil and an error when there is none.
local function keep(room)
	if not room:get_persistent() then return room; end
	local saved, err = room:save(true);
	if saved then return room; end
	module:log("error", "Room %s was not made, as it cannot be saved: %s", room.jid, err);
	forget(room);
	return nil, err;
end

-- config becomes the room's; without one it gets the defaults. Returns the room, false without a place, or nil and an error.
local function create(jid, config)
	if not jid_node(jid) or jid_bare(jid) ~= jid or not jid_prep(jid, true) then
		return nil, "invalid-jid";
	end
	local existing, err = get(jid);
	if existing or err then
		return nil, err or "room-exists";
	end
	local room = new_room(jid, config);
	if not config then
		room:set_defaults();
	end
	module:fire_event("muc-room-created", { room = room });
	return track(room) and keep(room);
end

-- Iterates over the rooms in memory, but for those that leave it on the way. Whoever looks at a room meanwhile moves it within the cache.
local function live_rooms()
	local rooms, i = {}, 0;
	for room in live:values() do
		rooms[#rooms + 1] = room;
	end
	return function ()
		local room;
		repeat
			i = i + 1;
			room = rooms[i];
		until room == nil or live:get(room.jid) == room;
		return room;
	end;
end

-- Iterates over all rooms; those in the store are loaded one by one.
local function all()
	return coroutine.wrap(function ()
		local seen = {};
		for room in live_rooms() do
			seen[room.jid] = true;
			coroutine.yield(room);
		end
		for _, jid in ipairs(store.jids()) do
			local room = not seen[jid] and get(jid);
			if room then
				coroutine.yield(room);
			end
		end
	end);
end

public_rooms.set_source(store.each_config);

-- All rooms without loading them: a map from JID to name, "" if there is none. Tombstones are no rooms.
local function all_names()
	local data_of, names = {}, {};
	store.each_config(function (jid, config)
		data_of[jid] = config._data or {};
	end);
	for room in live:values() do
		data_of[room.jid] = room._data;
	end
	for jid, data in pairs(data_of) do
		names[jid] = not data.destroyed and (data.name or "") or nil;
	end
	return names;
end

-- With their live state: after a restart the occupants are still there (M26).
local function save_all()
	for room in live_rooms() do
		local ok, err = room:save(nil, true);
		if not ok then
			module:log("error", "Room %s was not saved: %s", room.jid, err);
		end
	end
end

-- The last step of creation: a room that others have refused never gets here. If they waited for something, somebody else may have
-- made the room meanwhile, and then that is the one to join.
module:hook("muc-room-pre-create", function (event)
	local origin, stanza = event.origin, event.stanza;
	local other = live:get(event.room.jid);
	if other then
		return other:handle_normal_presence(origin, stanza);
	elseif not track(event.room) then
		origin.send(refusal(stanza, "wait", "resource-constraint", "There are too many rooms", module.host));
		return true;
	end
end, -1000);

module:hook("muc-room-destroyed", function (event)
	forget(event.room);
	local ok, err = delete(event.room);
	if not ok then
		module:log("error", "Room %s was not removed from the store: %s", event.room.jid, err);
	end
end);

return {
	create = create;
	get = get;
	all = all;
	live = live_rooms;
	all_names = all_names;
	track = track;
	keep = keep;
	forget = forget;
	delete = delete;
	save = save;
	save_all = save_all;
};
