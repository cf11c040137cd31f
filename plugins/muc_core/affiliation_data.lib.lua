-- What is kept with affiliations besides them: reasons, reserved nicks, hats, and whatever other plugins keep there (M140).

local methods = {};

-- What is kept with the affiliation of a bare JID: all of it, or the value of one key.
function methods:get_affiliation_data(jid, key)
	local data = self._affiliation_data[jid];
	if data and key then
		return data[key];
	end
	return data;
end

local function with(data, key, value)
	local copy = {};
	for other_key, other_value in pairs(data or {}) do
		copy[other_key] = other_value;
	end
	copy[key] = value;
	return copy;
end

-- Returns true, or nil and an error.
function methods:set_affiliation_data(jid, key, value)
	if key == nil then return nil, "invalid key"; end
	local all_data = self._affiliation_data;
	local old_data = all_data[jid];
	local old_value = old_data and old_data[key];
	if not old_data and value == nil then return true; end
	local saved, _, condition = self:change_together(function ()
		all_data[jid] = with(old_data, key, value);
		self:unless_saved(function ()
			all_data[jid] = old_data;
		end);
		self:save_later(jid);
		if old_value ~= value then
			self:once_saved(function ()
				module:fire_event("muc-set-affiliation-data/"..key,
					{ room = self; jid = jid; key = key; value = value; old_value = old_value });
			end);
		end
	end);
	if not saved then return nil, condition; end
	return true;
end

return methods;
