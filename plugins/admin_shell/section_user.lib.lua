-- user:create, delete, password, role, set_role, enable, disable, list

local jid = require "util.jid";
local usermanager = require "core.usermanager";

local format = module:require "format";

-- The parts of an account's address on a host of ours, whether or not the account exists; nil and a text if it is none.
local function parts(address)
	local user, host = jid.prepped_split(tostring(address));
	if not user then return nil, tostring(address).." is not the address of an account"; end
	if not prosody.hosts[host] then return nil, "there is no host "..host; end
	return user, host;
end

-- A handler that begins with an account that exists.
local function with_account(handler)
	return function (self, address, ...)
		local user, host = parts(address);
		if not user then return nil, host; end
		if not usermanager.user_exists(user, host) then return nil, "there is no account "..address; end
		return handler(self, user, host, ...);
	end;
end

local function full_role(name)
	return name:find(":", 1, true) and name or "prosody:"..name;
end

local function outcome(ok, problem, text)
	if not ok then return nil, problem or "it was refused"; end
	return true, text;
end

local function create(_, address, password, role)
	local user, host = parts(address);
	if not user then return nil, host; end
	if usermanager.user_exists(user, host) then return nil, address.." exists"; end
	if not password or password == "" then return nil, "an account needs a password"; end
	local ok, problem = usermanager.create_user(user, password, host);
	if ok and role then
		ok, problem = usermanager.set_user_role(user, host, full_role(role));
		if not ok then problem = "the account has been made, but not given the role: "..tostring(problem); end
	end
	return outcome(ok, problem, "Created "..address);
end

local function list(self, host, pattern)
	if not host then return nil, "of which host?"; end
	if not prosody.hosts[host] then return nil, "there is no host "..host; end
	local names = {};
	for user in usermanager.users(host) do
		if not pattern or user:find(pattern) then table.insert(names, user); end
	end
	table.sort(names);
	for _, user in ipairs(names) do
		self.session.print(jid.join(user, host));
	end
	return true, format.count(#names, "account");
end

return function (add)
	local command = add("user", "Make, change and remove accounts");
	local address, role = { name = "jid"; type = "string" }, { name = "role"; type = "string" };
	local password = { name = "password"; type = "string" };

	command("create", "Make an account", { address, password, role }, create);
	command("delete", "Remove an account and all it has stored", { address }, with_account(function (_, user, host)
		local ok, problem = usermanager.delete_user(user, host);
		return outcome(ok, problem, "Deleted "..user.."@"..host);
	end));
	command("password", "Change the password of an account", { address, password }, with_account(function (_, user, host, new)
		if not new or new == "" then return nil, "which password?"; end
		local ok, problem = usermanager.set_password(user, new, host, nil);
		return outcome(ok, problem, "The password is changed");
	end));
	command("role", "Show the role of an account", { address }, with_account(function (_, user, host)
		return true, usermanager.get_user_role(user, host).name;
	end));
	command("set_role", "Give an account a role", { address, role }, with_account(function (_, user, host, new)
		if not new then return nil, "which role?"; end
		local ok, problem = usermanager.set_user_role(user, host, full_role(new));
		return outcome(ok, problem, ("The role is %s"):format(full_role(new)));
	end));
	command("enable", "Let an account log in again", { address }, with_account(function (_, user, host)
		local ok, problem = usermanager.enable_user(user, host);
		return outcome(ok, problem, "Enabled "..user.."@"..host);
	end));
	command("disable", "Keep an account from logging in, and end its sessions", { address }, with_account(function (_, user, host)
		local ok, problem = usermanager.disable_user(user, host);
		return outcome(ok, problem, "Disabled "..user.."@"..host);
	end));
	command("list", "List the accounts of a host, those whose name fits a pattern", { { name = "host"; type = "string" }, { name = "pattern"; type = "string" } }, list);
end;
