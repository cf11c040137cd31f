-- Who somebody is to the room, and what is kept with that.

local same = module:require "same";

local checks = {};

function checks.affiliation(room)
	same(room:get_affiliation("romeo@localhost"), "owner");
	same(room:get_affiliation("romeo@localhost/orchard"), "owner");
	same(room:get_affiliation("nobody@localhost"), nil);
	same(room._affiliations["romeo@localhost"], "owner");
	same({ room:set_affiliation(true, "nobody@localhost/x", "member", "So be it") }, { true });
	same(room:get_affiliation("nobody@localhost"), "member");
	same({ room:set_affiliation("juliet@localhost/x", "nobody@localhost", "admin") }, { nil, "cancel", "not-allowed" });
	same({ room:set_affiliation(true, "nobody@localhost", "king") }, { nil, "modify", "not-acceptable" });
	same({ room:set_affiliation(nil, "nobody@localhost", "none") }, { nil, "modify", "not-acceptable" });
	same({ room:set_affiliation("romeo@localhost", "romeo@localhost", "member") }, { nil, "cancel", "conflict" });
	same(room:set_affiliation(true, "nobody@localhost", "none"), true);
	same(room:get_affiliation("nobody@localhost"), nil);
	same(room:set_affiliation(true, "mantua.example", "outcast"), true);
	same(room:get_affiliation("anybody@mantua.example"), "outcast");
	same(room:set_affiliation(true, "mantua.example", nil), true);
	same(room:get_affiliation("anybody@mantua.example"), nil);
end

local function list(room, filter)
	local found = {};
	for jid, affiliation, data in room:each_affiliation(filter) do
		found[jid] = { affiliation, data };
	end
	return found;
end

function checks.affiliations(room)
	same(list(room), { ["romeo@localhost"] = { "owner" } });
	room:set_affiliation(true, "nurse@localhost", "member", nil, { humour = "merry" });
	room:set_affiliation(true, "tybalt@localhost", "outcast");
	same(list(room), {
		["romeo@localhost"] = { "owner" };
		["nurse@localhost"] = { "member", { humour = "merry" } };
		["tybalt@localhost"] = { "outcast" };
	});
	same(list(room, "member"), { ["nurse@localhost"] = { "member", { humour = "merry" } } });
	room:set_affiliation(true, "tybalt@localhost", "none");
	room:set_affiliation(true, "nurse@localhost", "none");
	same(list(room, "member"), {});
end

-- Written directly, as some do.
function checks.affiliation_tables(room)
	room._affiliations["peter@localhost"] = "admin";
	room._affiliation_data["peter@localhost"] = { humour = "dull" };
	same(room:get_affiliation("peter@localhost/x"), "admin");
	same(room:get_affiliation_data("peter@localhost"), { humour = "dull" });
	same(room:set_affiliation(true, "peter@localhost", "none"), true);
	same(room._affiliations["peter@localhost"], nil);
	same(room._affiliation_data["peter@localhost"], nil);
end

function checks.affiliation_data(room)
	local nurse = "nurse@localhost";
	same(room:get_affiliation_data(nurse), nil);
	same(room:get_affiliation_data(nurse, "humour"), nil);
	room:set_affiliation(true, nurse, "member", nil, { humour = "merry"; reserved_nickname = "Nurse" });
	same(room:get_affiliation_data(nurse, "humour"), "merry");
	same(room:get_registered_nick(nurse), "Nurse");
	same(room:get_registered_jid("Nurse"), nurse);
	same(room:get_registered_jid("Peter"), nil);

	local told = {};
	local function handler(event)
		same(event.room, room);
		table.insert(told, { event.jid, event.key, event.old_value, event.value });
	end
	module:hook("muc-set-affiliation-data/humour", handler);
	same(room:set_affiliation_data(nurse, "humour", "sad"), true);
	same(room:set_affiliation_data(nurse, "humour", "sad"), true);
	same({ room:set_affiliation_data(nurse, nil, "sad") }, { nil, "invalid key" });
	module:unhook("muc-set-affiliation-data/humour", handler);
	same(told, { { nurse, "humour", "merry", "sad" } });

	-- Data stay unless there are new ones. Nothing at all, or false, removes them.
	room:set_affiliation(true, nurse, "admin");
	same(room:get_affiliation_data(nurse, "humour"), "sad");
	room:set_affiliation(true, nurse, "admin", nil, {});
	same(room:get_affiliation_data(nurse), nil);
	room:set_affiliation(true, nurse, "admin", nil, { humour = "merry" });
	room:set_affiliation(true, nurse, "admin", nil, false);
	same(room:get_affiliation_data(nurse), nil);
	room:set_affiliation(true, nurse, "none");
end

-- Who changes data behind the room's back says so by forgetting the index.
function checks.reserved_nicks(room)
	room:set_affiliation(true, "nurse@localhost", "member", nil, { reserved_nickname = "Nurse" });
	same(room:get_registered_jid("Nurse"), "nurse@localhost");
	same(room._reserved_nicks, { Nurse = "nurse@localhost" });
	room._affiliation_data["nurse@localhost"].reserved_nickname = "Angelica";
	room._reserved_nicks = nil;
	same(room:get_registered_jid("Nurse"), nil);
	same(room:get_registered_jid("Angelica"), "nurse@localhost");
	room:set_affiliation(true, "nurse@localhost", "none");
	same(room:get_registered_jid("Angelica"), nil);
end

-- Handlers may refuse, say why, and add data.
function checks.affiliation_veto(room)
	local function handler(event)
		if event.reason == "refuse" then
			event.allowed = false;
		elseif event.reason == "explain" then
			event.allowed, event.error = false, { type = "modify"; condition = "resource-constraint" };
		else
			event.data = { humour = "new" };
		end
	end
	module:hook("muc-pre-set-affiliation", handler);
	local refused = { room:set_affiliation(true, "nurse@localhost", "member", "refuse") };
	local explained = { room:set_affiliation(true, "nurse@localhost", "member", "explain") };
	local added = { room:set_affiliation(true, "nurse@localhost", "member") };
	module:unhook("muc-pre-set-affiliation", handler);
	same(refused, { nil, "cancel", "not-allowed" });
	same(explained, { nil, "modify", "resource-constraint" });
	same(added, { true });
	same(room:get_affiliation_data("nurse@localhost", "humour"), "new");
	room:set_affiliation(true, "nurse@localhost", "none");
end

function checks.role_veto(room)
	local juliet = room.jid.."/Juliet";
	local function handler(event)
		same(event.occupant.nick, juliet);
		event.allowed = event.actor == "juliet@localhost/x";
		event.error, event.condition = "modify", "resource-constraint";
	end
	module:hook("muc-pre-set-role", handler);
	local refused = { room:set_role("romeo@localhost/x", juliet, "visitor") };
	local allowed = { room:set_role("juliet@localhost/x", juliet, "visitor") };
	module:unhook("muc-pre-set-role", handler);
	same(refused[2], "modify");
	same(refused[3], "resource-constraint");
	same(not refused[1], true);
	same(allowed, { true });
	same(room:set_role(true, juliet, "participant"), true);
end

return function () return checks; end
