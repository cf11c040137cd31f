-- Commands for the shell of whoever runs the server (M186). COMPAT Prosody before 13 has no such commands, and nobody asks for the items.

local jid_resource = require "util.jid".resource;
local new_table = require "util.human.io".table;

local admin_room = module:require "admin_room";

local room_argument = { name = "room_jid"; type = "string" };
local filter_argument = { name = "filter"; type = "string" };

-- The first argument says which service is meant. handler(self, …) returns true, or nil, and a message.
local function add(name, desc, args, handler)
	module:add_item("shell-command", {
		section = "muc"; section_desc = "Make, list and manage rooms";
		name = name; desc = desc; args = args;
		host_selector = args[1].name;
		handler = handler;
	});
end

-- A handler that begins with finding the room.
local function with_room(handler)
	return function (self, room_jid, ...)
		local room, problem = admin_room.find(room_jid);
		if not room then return nil, problem; end
		return handler(self, room, ...);
	end;
end

-- rows are tables by the columns' keys; filter is the value of the first column, or part of one of the others; may be nil.
-- Returns the handler's results.
local function print_rows(self, columns, rows, filter, what)
	local function is_wanted(row)
		if not filter or row[columns[1].key] == filter then return true; end
		for i = 2, #columns do
			if row[columns[i].key]:find(filter, 1, true) then return true; end
		end
	end
	local format, shown = new_table(columns, self.session.width), 0;
	table.sort(rows, function (a, b) return a.jid < b.jid; end);
	for _, row in ipairs(rows) do
		if is_wanted(row) then
			if shown == 0 then
				self.session.print(format());
			end
			shown = shown + 1;
			self.session.print(format(row));
		end
	end
	return true, filter and ("%d of %d %s"):format(shown, #rows, what) or ("%d %s"):format(#rows, what);
end

local create_problems = {
	["invalid-jid"] = "%s is not the address of a room";
	["room-exists"] = "%s exists already, or did until recently";
};

add("create", "Make a room with these settings", { room_argument, { name = "config"; type = "table" } },
	function (_, room_jid, config)
		local jid, problem = admin_room.check(room_jid);
		if not jid then return nil, problem; end
		local room, err = create_room(jid, config);
		if not room then
			return nil, (create_problems[err] or "%s was not made"):format(jid);
		end
		return true, "Made "..jid;
	end);

add("list", "List the rooms of a service", { { name = "host"; type = "string" }, filter_argument },
	function (self, _, filter)
		local rows = {};
		for jid, name in pairs(room_names()) do
			table.insert(rows, { jid = jid; name = name });
		end
		return print_rows(self, {
			{ key = "jid"; title = "Room"; width = "60%" };
			{ key = "name"; title = "Name"; width = "40%" };
		}, rows, filter, "rooms");
	end);

-- The room comes back, so that a shell may call its methods.
add("room", "Describe a room", { room_argument }, with_room(function (self, room)
	local occupants, affiliations = 0, 0;
	for _ in room:each_occupant() do
		occupants = occupants + 1;
	end
	for _ in room:each_affiliation() do
		affiliations = affiliations + 1;
	end
	local function say(what, is_so)
		self.session.print(("%s: %s"):format(what, is_so and "yes" or "no"));
	end
	self.session.print("Name: "..(room:get_name() or "-"));
	say("Public", room:get_public());
	say("Persistent", room:get_persistent());
	say("For members only", room:get_members_only());
	say("Moderated", room:get_moderated());
	return room, ("%s: %d occupants, %d affiliations"):format(room.jid, occupants, affiliations);
end));

add("occupants", "List who is in a room", { room_argument, filter_argument }, with_room(function (self, room, filter)
	local rows = {};
	for nick, occupant in room:each_occupant() do
		table.insert(rows, { role = occupant.role or "none"; nick = jid_resource(nick); jid = occupant.bare_jid });
	end
	return print_rows(self, {
		{ key = "role"; title = "Role"; width = 12 };
		{ key = "nick"; title = "Nick"; width = "40%" };
		{ key = "jid"; title = "JID"; width = "60%" };
	}, rows, filter, "occupants");
end));

add("affiliations", "List who is something to a room", { room_argument, filter_argument },
	with_room(function (self, room, filter)
		local rows = {};
		for jid, affiliation in room:each_affiliation() do
			table.insert(rows, { affiliation = affiliation; jid = jid });
		end
		return print_rows(self, {
			{ key = "affiliation"; title = "Affiliation"; width = 12 };
			{ key = "jid"; title = "JID"; width = "100%" };
		}, rows, filter, "affiliations");
	end));
