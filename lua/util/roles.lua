-- util.roles (13): roles, and what each may do. new{ name, description, default, priority, permissions = { [action] = true or false },
-- inherits = { role, … } }.

local methods = {};
local role_mt = { __name = "role", __index = methods };
local PERMISSIONS = {}; -- the key of a role's own table of permissions, out of the way of modules

local function is_role(value)
	return getmetatable(value) == role_mt;
end

-- Own permissions first, then those of the inherited roles in order; nil if none says anything. A field and no method: role.may(role, …) too.
local function decider(permissions, inherits)
	return function (role, action, context)
		local policy = permissions[action];
		for i = 1, policy == nil and inherits and #inherits or 0 do
			policy = inherits[i].may(role, action, context);
			if policy ~= nil then break; end
		end
		return policy;
	end;
end

-- overrides: fields that win over those of config; may be nil.
local function new(config, overrides)
	overrides = overrides or {};
	local function field(name)
		if overrides[name] ~= nil then return overrides[name]; end
		return config[name];
	end
	local permissions, inherits = {}, field("inherits");
	for action, policy in pairs(field("permissions") or config[PERMISSIONS] or {}) do
		permissions[action] = policy;
	end
	return setmetatable({
		name = field("name"), description = field("description"), default = field("default"), priority = field("priority");
		inherits = inherits, may = decider(permissions, inherits), [PERMISSIONS] = permissions;
	}, role_mt);
end

function methods:clone(overrides)
	return new(self, overrides);
end

-- policy: true, false, or nil for none. false, "policy-already-exists" if another one is set, unless overwrite is true.
function methods:set_permission(action, policy, overwrite)
	local permissions = self[PERMISSIONS];
	if permissions[action] ~= nil and permissions[action] ~= policy and overwrite ~= true then
		return false, "policy-already-exists";
	end
	permissions[action] = policy;
	return true;
end

function role_mt:__tostring()
	return "role<["..(self.name or "nil").."] "..(self.description or "")..">";
end

-- How util.serialization writes a role.
function role_mt:__freeze()
	local inherits = {};
	for i, role in ipairs(self.inherits or {}) do
		inherits[i] = role.name;
	end
	return {
		name = self.name, description = self.description, default = self.default, priority = self.priority;
		permissions = self[PERMISSIONS], inherits = inherits;
	};
end

return { new = new, is_role = is_role };
