-- What invites_register_web asks of the community's module of this name, which Debian does not package.

local policy = { length = 8 };

function get_policy() return policy; end

function check_password(password)
	if #password < policy.length then
		return nil, "Password must be at least 8 characters", "length";
	end
	return true;
end
