-- Owners and admins as lists in the configuration form (XEP-0045 #roomconfig). Who stands in both is an owner; who stands in neither
-- any longer has no affiliation.

local jid_bare = require "util.jid".bare;

local fields = { owner = "muc#roomconfig_roomowners"; admin = "muc#roomconfig_roomadmins" };

local function as_set(jids)
	local set = {};
	for _, jid in ipairs(jids or {}) do
		set[jid_bare(jid)] = true;
	end
	return set;
end

local function list(room, affiliation)
	local jids = {};
	for jid in room:each_affiliation(affiliation) do
		jids[#jids + 1] = jid;
	end
	table.sort(jids);
	return jids;
end

-- Who will have an affiliation once the form has been applied: a list that is not in the form stays.
local function wanted(event, affiliation)
	return as_set(event.fields[fields[affiliation]] or list(event.room, affiliation));
end

-- Whom a list adds comes first: otherwise the last owner could not hand over the room.
local function apply(event, affiliation)
	local room, actor, changed = event.room, event.actor, false;
	local listed, owners, admins = as_set(event.value), wanted(event, "owner"), wanted(event, "admin");
	for jid in pairs(listed) do
		local is_better = affiliation == "admin" and owners[jid];
		if not is_better and room._affiliations[jid] ~= affiliation then
			changed = room:set_affiliation(actor, jid, affiliation) or changed;
		end
	end
	for _, jid in ipairs(list(room, affiliation)) do
		if not listed[jid] and not owners[jid] then
			changed = room:set_affiliation(actor, jid, affiliation == "owner" and admins[jid] and "admin" or "none") or changed;
		end
	end
	if changed then
		event.status_codes["104"] = true;
	end
end

local function add_field(affiliation, priority, label)
	module:hook("muc-config-form", function (event)
		local jids = list(event.room, affiliation);
		table.insert(event.form, { name = fields[affiliation]; type = "jid-multi"; label = label; value = jids });
	end, priority);

	module:hook("muc-config-submitted/"..fields[affiliation], function (event)
		apply(event, affiliation);
	end);
end

-- First under the heading "access": who gets an affiliation stays in a room that becomes members-only by the same form.
add_field("admin", 89, "Admins");
add_field("owner", 88.5, "Owners");

return {};
