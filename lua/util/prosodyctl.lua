-- util.prosodyctl: what a module's command line (module.command) uses.

local usermanager = require "core.usermanager";
local stringprep = require "util.encodings".stringprep;
local human = require "util.human.io";

local ctl = { show_message = human.printf, show_warning = human.printf };

ctl.error_messages = setmetatable({
	["invalid-username"] = "This is not a valid user name.";
	["invalid-hostname"] = "This is not a valid host name.";
	["no-such-host"] = "The server does not serve this host.";
	["no-such-user"] = "There is no such user.";
	["no-password"] = "There is no password.";
}, { __index = function (_, code) return (tostring(code):gsub("%-", " ")); end });

function ctl.show_usage(usage, description)
	print("Usage: "..usage);
	if description then print("  "..description); end
end

-- params: user, host. Returns them prepared, or nil and an error code.
local function prepared(params)
	local user, host = stringprep.nodeprep(params.user, true), stringprep.nameprep(params.host);
	if not user then
		return nil, "invalid-username";
	elseif not host then
		return nil, "invalid-hostname";
	elseif not prosody.hosts[host] then
		return nil, "no-such-host";
	end
	return user, host;
end

function ctl.user_exists(params)
	local user, host = prepared(params);
	return user and usermanager.user_exists(user, host) or false;
end

-- true, or false and an error code. params: user, host, password.
function ctl.adduser(params)
	local user, host = prepared(params);
	if not user then
		return false, host;
	end
	local ok, err = usermanager.create_user(user, params.password, host);
	return ok and true or false, err;
end

function ctl.passwd(params)
	local user, host = prepared(params);
	if not user then
		return false, host;
	elseif not usermanager.user_exists(user, host) then
		return false, "no-such-user";
	end
	local ok, err = usermanager.set_password(user, params.password, host, nil);
	return ok and true or false, err;
end

function ctl.deluser(params)
	local user, host = prepared(params);
	if not user then
		return false, host;
	elseif not usermanager.user_exists(user, host) then
		return false, "no-such-user";
	end
	return usermanager.delete_user(user, host);
end

-- ok, answer: commands run inside the server.
function ctl.isrunning()
	return true, true;
end

function ctl.getpid()
	return true, require "util.pposix".getpid();
end

return ctl;
