-- Going through what is there, and changing it on the way.

local st = require "util.stanza";

local same = module:require "same";

return function (muc)
	local checks = {};

	local function add_bots(room, number)
		for i = 1, number do
			local bot = room:new_occupant("bot"..i.."@localhost", room.jid.."/Bot"..i);
			for _, resource in ipairs { "a"; "b" } do
				bot:set_session(bot.bare_jid.."/"..resource, st.presence());
			end
			room:save_occupant(bot);
		end
	end

	local function count(...)
		local n = 0;
		for _ in ... do
			n = n + 1;
		end
		return n;
	end

	-- The bots go, Romeo stays.
	function checks.kick_each(room)
		add_bots(room, 20);
		same(count(room:each_occupant()), 21);
		local kicked = 0;
		for occupant_jid, occupant in room:each_occupant() do
			if occupant.bare_jid:match("^bot") then
				kicked = kicked + 1;
				same(room:set_role(true, occupant_jid, nil), true);
			end
		end
		same(kicked, 20);
		same(count(room:each_occupant()), 1);
	end

	function checks.end_each_session(room)
		add_bots(room, 5);
		for _, occupant in room:each_occupant() do
			if occupant.bare_jid:match("^bot") then
				for full_jid in occupant:each_session() do
					occupant:remove_session(full_jid);
				end
				same(room:save_occupant(occupant), nil);
			end
		end
		same(count(room:each_occupant()), 1);
	end

	-- The table behind: whoever takes somebody out there is on his own, but the room bears it.
	function checks.empty_tables(room)
		add_bots(room, 5);
		for occupant_jid, occupant in pairs(room._occupants) do
			if occupant.bare_jid:match("^bot") then
				for full_jid in pairs(occupant.sessions) do
					room._jid_nick[full_jid] = nil;
				end
				room._occupants[occupant_jid] = nil;
			end
		end
		same(count(room:each_occupant()), 1);
		room:broadcast_message(st.message({ type = "groupchat"; from = room.jid }, "Who is left?"));
		add_bots(room, 5);
		for i = 1, 5 do
			room:set_role(true, room.jid.."/Bot"..i, nil);
		end
		same(count(room:each_occupant()), 1);
	end

	function checks.remove_each_affiliation(room)
		for i = 1, 20 do
			room:set_affiliation(true, "member"..i.."@localhost", "member", nil, { number = i });
		end
		local removed = 0;
		for jid, affiliation, data in room:each_affiliation("member") do
			same({ affiliation, type(data.number) }, { "member", "number" });
			removed = removed + 1;
			room:set_affiliation(true, jid, "none");
		end
		same(removed, 20);
		same(count(room:each_affiliation()), 1);
	end

	function checks.destroy_each_room(room)
		local function make()
			for i = 1, 5 do
				muc.create_room("made"..i.."@"..module.host, { persistent = i % 2 == 0 or nil });
			end
		end
		for _, iterator in ipairs { muc.live_rooms; muc.all_rooms; muc.each_room } do
			make();
			for each in iterator() do
				if each.jid:match("^made") and not each._data.destroyed then
					same(each:destroy(), true);
				end
			end
			for each in iterator() do
				if each.jid:match("^made") then
					same(each._data.destroyed, true);
					muc.forget_room(each);
					muc.delete_room(each);
				end
			end
		end
		same(muc.get_room_from_jid(room.jid):has_occupant(), true); -- it has been swapped out meanwhile
	end

	-- Whoever looks at another room makes it the one that was used last: none is missed or seen twice.
	function checks.look_at_others(room)
		muc.create_room("other@"..module.host);
		local jids = {};
		for each in muc.live_rooms() do
			table.insert(jids, each.jid);
		end
		same(#jids, 2);
		local seen = {};
		for each in muc.live_rooms() do
			table.insert(seen, each.jid);
			muc.get_room_from_jid(jids[3 - #seen]); -- the other one
		end
		same(seen, jids);
		muc.get_room_from_jid("other@"..module.host):destroy();
	end

	return checks;
end
