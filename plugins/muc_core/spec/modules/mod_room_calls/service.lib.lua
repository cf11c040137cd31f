-- What the service offers beside its rooms.

local st = require "util.stanza";

local same = module:require "same";
local util = module:require "muc/util";

local function jids(iterator, state, control)
	local found = {};
	for room in iterator, state, control do
		found[room.jid] = true;
	end
	return found;
end

return function (muc)
	local checks = {};

	function checks.lists(room)
		same(jids(muc.all_rooms())[room.jid], true);
		same(jids(muc.live_rooms())[room.jid], true);
		same(jids(muc.each_room())[room.jid], true);
		same(jids(muc.each_room(true))[room.jid], true);
		same(muc.get_room_from_jid("nowhere@"..module.host), nil);
	end

	-- The other way to the same thing. Older modules look without the help of metatables.
	function checks.doors(room)
		local other = prosody.hosts[module.host].modules.muc;
		same(other.get_room_from_jid(room.jid), room);
		same(rawget(other, "get_room_from_jid"), muc.get_room_from_jid);
		same(type(rawget(other, "each_room")), "function");
		same(rawget(other, "room_mt"), muc.room_mt);
		same(type(rawget(other, "create_room")), "function");
	end

	function checks.create(room)
		same({ muc.create_room("not a jid@"..module.host) }, { nil, "invalid-jid" });
		same({ muc.create_room(room.jid) }, { nil, "room-exists" });
		local made = muc.create_room("made@"..module.host, { name = "Made"; persistent = true });
		same(made:get_name(), "Made");
		same(made:get_persistent(), true);
		same(muc.get_room_from_jid(made.jid), made);
		same(made:has_occupant(), false);
		same(made:save(true) ~= false, true);
		same(made:destroy(nil, "Enough") , true);
		same(made.destroying, "Enough");
		local gone = muc.get_room_from_jid(made.jid); -- a tombstone
		same(gone and gone._data.destroyed, true);
		muc.forget_room(gone);
		muc.delete_room(gone);
		same(muc.get_room_from_jid(made.jid), nil);
		local plain = muc.create_room("plain@"..module.host);
		same(plain:get_hidden(), true);
		plain:destroy();
		same(muc.get_room_from_jid(plain.jid), nil);
	end

	-- Those who are nobody to the room have to go, so this is not tried where somebody is.
	function checks.members_only()
		local room = muc.create_room("members@"..module.host);
		same(room:get_members_only(), nil);
		same(room:set_members_only(true), true);
		same(room:set_members_only(true), false);
		same({ room:get_members_only(), room:get_default_role() }, { true, nil, 0 });
		same(room:set_members_only(false), true);
		room:destroy();
	end

	function checks.util()
		same(util.valid_affiliations, { outcast = -1; none = 0; member = 1; admin = 2; owner = 3 });
		same(util.valid_roles, { none = 0; visitor = 1; participant = 2; moderator = 3 });
		local filter = util.only_with_min_role("participant");
		same(not filter("x", { role = "visitor" }), true);
		same(filter("x", { role = "moderator" }), true);
		same(not filter("x", {}), true);
	end

	local function new_presence()
		return st.presence():tag("x", { xmlns = "http://jabber.org/protocol/muc#user" }):up()
			:tag("own", { xmlns = "urn:example:calls" }):up():tag("status"):text("Here"):up();
	end

	local function children(stanza)
		local names = {};
		for _, child in ipairs(stanza.tags) do
			table.insert(names, child.name);
		end
		return table.concat(names, " ");
	end

	function checks.filter()
		local presence = new_presence();
		same(util.filter_muc_x(presence), presence);
		same(children(presence), "own status");
		util.add_filtered_namespace("urn:example:calls");
		same(children(util.filter_muc_x(presence)), "status");
	end

	function checks.kickable()
		local function bounce(condition)
			local message = st.message({ type = "error" }):tag("error", { type = "cancel" });
			if condition then
				message:tag(condition, { xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas" });
			end
			return util.is_kickable_error(message:reset()) and true or false;
		end
		same({ bounce("gone"), bounce("recipient-unavailable"), bounce("remote-server-timeout") }, { true, true, true });
		same({ bounce("not-allowed"), bounce("policy-violation") }, { false, false });
	end

	return checks;
end
