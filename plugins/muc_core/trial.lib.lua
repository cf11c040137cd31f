-- A room to try several changes on before the first one is made (M137). It says what set_affiliation() and set_role() of the room would say
-- and remembers what becomes of affiliations and roles; the room stays as it is, nobody is told, no handler is asked to agree.

local trial_mt = {};

local function copy(map)
	local result = {};
	for key, value in pairs(map) do
		result[key] = value;
	end
	return result;
end

local methods = {};

function methods:set_affiliation(actor, jid, affiliation)
	return self:try_affiliation(actor, jid, affiliation);
end

function methods:set_role(actor, occupant_jid, role)
	return self:try_role(actor, occupant_jid, role);
end

function methods:save_occupant(occupant)
	self._occupants[occupant.nick] = occupant.role and occupant or nil;
end

function trial_mt.__index(trial, key)
	return methods[key] or trial.room[key];
end

local function new(room)
	return setmetatable({ room = room; _affiliations = copy(room._affiliations); _occupants = copy(room._occupants) }, trial_mt);
end

return { new = new };
