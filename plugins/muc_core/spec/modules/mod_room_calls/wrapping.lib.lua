-- Methods of all rooms, and of one, may be replaced: from then on the room itself calls the new ones.

local st = require "util.stanza";

return function (muc)
	local checks = {};
	local room_mt = muc.room_mt;
	local originals = {};

	local function wrap(object, name, make)
		local original = object[name];
		table.insert(originals, function ()
			object[name] = original;
		end);
		object[name] = make(original);
	end

	function checks.wrap_affiliations()
		wrap(room_mt, "get_affiliation", function (original)
			return function (room, jid)
				return jid:match("^tybalt@") and "outcast" or jid:match("^juliet@") and "member" or original(room, jid);
			end;
		end);
		wrap(room_mt, "set_affiliation", function (original)
			return function (room, actor, jid, ...)
				if jid == "nurse@localhost" then return nil, "wait", "resource-constraint"; end
				return original(room, actor, jid, ...);
			end;
		end);
	end

	function checks.wrap_roles()
		wrap(room_mt, "set_role", function (original)
			return function (room, actor, occupant_jid, role, reason)
				return original(room, actor, occupant_jid, role, reason and reason:upper());
			end;
		end);
		wrap(room_mt, "get_default_role", function (original)
			return function (room, affiliation)
				if affiliation then return original(room, affiliation); end
				return "visitor", 1;
			end;
		end);
	end

	function checks.wrap_settings()
		for name, value in pairs { get_members_only = true, get_whois = "anyone", get_password = "sesame", get_moderated = true, get_name = "Wrapped" } do
			wrap(room_mt, name, function ()
				return function () return value; end;
			end);
		end
	end

	function checks.wrap_presence()
		wrap(room_mt, "handle_normal_presence", function (original)
			return function (room, origin, stanza)
				stanza:text_tag("status", "through a wrapper");
				return original(room, origin, stanza);
			end;
		end);
		wrap(room_mt, "handle_first_presence", function ()
			return function (room, origin, stanza)
				origin.send(st.error_reply(stanza, "wait", "resource-constraint", nil, room.jid));
				return true;
			end;
		end);
	end

	function checks.wrap_messages()
		wrap(room_mt, "handle_groupchat_to_room", function (original)
			return function (room, origin, stanza)
				stanza:text_tag("thread", "wrapped");
				return original(room, origin, stanza);
			end;
		end);
		wrap(room_mt, "broadcast_message", function (original)
			return function (room, stanza)
				stanza:text_tag("nick", "wrapped");
				return original(room, stanza);
			end;
		end);
	end

	-- On one room: all that it says passes here.
	function checks.wrap_route_stanza(room)
		wrap(room, "route_stanza", function (original)
			return function (self, stanza)
				stanza = st.clone(stanza):tag("seen", { xmlns = "urn:example:calls"; by = "route_stanza" }):up();
				return original(self, stanza);
			end;
		end);
	end

	function checks.wrap_route_to_occupant(room)
		wrap(room, "route_to_occupant", function (original)
			return function (self, occupant, stanza)
				stanza = st.clone(stanza):tag("seen", { xmlns = "urn:example:calls"; by = "route_to_occupant" }):up();
				return original(self, occupant, stanza);
			end;
		end);
	end

	function checks.unwrap()
		for i = #originals, 1, -1 do
			originals[i]();
		end
		originals = {};
	end

	return checks;
end
