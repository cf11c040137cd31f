-- What modules hang on rooms.

local same = module:require "same";

return function (muc)
	local checks = {};

	function checks.same_object(room)
		same(room, muc.get_room_from_jid(room.jid));
		same(getmetatable(room), muc.room_mt);
		same(tostring(room), "MUC room ("..room.jid..")");
	end

	function checks.private_write(room)
		room.mod_private = { 1, { deep = "field" } };
	end

	function checks.private_read(room)
		same(room.mod_private, { 1, { deep = "field" } });
	end

	-- Whatever lies in _data is saved with the room.
	function checks.data_write(room)
		room._data.mod_data = { text = "words", number = 1, list = { "a", "b" }, flag = true };
		same(room:freeze()._data.mod_data, { text = "words", number = 1, list = { "a", "b" }, flag = true });
		room:save(true);
	end

	function checks.data_read(room)
		same(room._data.mod_data, { text = "words", number = 1, list = { "a", "b" }, flag = true });
		same(room.mod_private, nil); -- this one has been read from the store
	end

	-- Settings changed there are changed.
	function checks.data_is_live(room)
		room._data.name = "Orchard";
		same(room:get_name(), "Orchard");
		room._data.members_only = true;
		same(room:get_default_role(), nil);
		room._data.members_only = nil;
		same(room:get_default_role(), "participant");
		room:set_name(nil);
		same(room._data.name, nil);
	end

	function checks.freeze(room)
		local config, state = room:freeze(true);
		local romeo = room:get_occupant_by_nick(room.jid.."/Romeo");
		same(config._jid, room.jid);
		same(config["romeo@localhost"], "owner");
		same(config._affiliation_data, {});
		same(state[romeo.nick], { bare_jid = romeo.bare_jid, role = "moderator", jid = romeo.jid });
		same(state[romeo.jid].name, "presence");
	end

	-- What is said is kept in a list, which some count, or empty.
	function checks.history(room)
		same(#room._history, 1);
		same(room._history[1].stanza:get_child_text("body"), "Ay me!");
		same(type(room._history[1].timestamp), "number");
		room._history = {};
	end

	-- A method that is added appears on rooms that exist.
	function checks.new_method(room)
		function muc.room_mt:get_shouted_jid()
			return self.jid:upper();
		end
		same(room:get_shouted_jid(), room.jid:upper());
		muc.room_mt.get_shouted_jid = nil;
		same(room.get_shouted_jid, nil);
	end

	-- A room that has been swapped out: what is done to it counts as long as it has not come back as another object.
	function checks.held(room)
		local held = muc.create_room("held@"..module.host);
		for i = 1, 2 do -- as many as there is place for
			muc.create_room("other"..i.."@"..module.host);
		end
		same(held:set_affiliation(true, "nurse@localhost", "member"), true);
		local back = muc.get_room_from_jid(held.jid);
		same(rawequal(back, held), false);
		same(back:get_affiliation("nurse@localhost"), "member");
		same({ held:set_affiliation(true, "nurse@localhost", "outcast") }, { nil, "wait", "internal-server-error" });
		same(held:get_affiliation("nurse@localhost"), "member");
		same(muc.get_room_from_jid(room.jid):has_occupant(), true);
		same(muc.get_room_from_jid(held.jid):get_affiliation("nurse@localhost"), "member");
	end

	return checks;
end
