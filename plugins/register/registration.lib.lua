-- New accounts, before login (XEP-0077 #usecases-register).

local st = require "util.stanza";
local dataforms = require "util.dataforms";
local usermanager = require "core.usermanager";
local nodeprep = require "util.encodings".stringprep.nodeprep;

local NS = "jabber:iq:register";
local NS_FEATURE = "http://jabber.org/features/iq-register";

local title = module:get_option_string("registration_title", "New account");
local instructions = module:get_option_string("registration_instructions", "Choose a user name and a password.");
local require_encryption = module:get_option_boolean("c2s_require_encryption", module:get_option_boolean("require_encryption", true));
local more_fields = module:get_option_array("additional_registration_fields", {}); -- names, "name+" if required, or fields of a layout

local details = module:open_store("account_details");

-- What XEP-0077 #schemas-register knows besides user name and password.
local labels = {
	nick = "Nickname", name = "Full name", first = "First name", last = "Last name", email = "E-mail address", address = "Street";
	city = "City", state = "Region", zip = "Postal code", phone = "Telephone", url = "Web page", date = "Date of birth";
};

local form = dataforms.new {
	title = title, instructions = instructions;
	{ name = "FORM_TYPE", type = "hidden", value = NS };
	{ name = "username", type = "text-single", label = "User name", required = true };
	{ name = "password", type = "text-private", label = "Password", required = true };
};

local offer = st.stanza("query", { xmlns = NS }):text_tag("instructions", instructions):tag("username"):up():tag("password"):up();

for _, field in ipairs(more_fields) do
	local name, plus = tostring(field):match("^(%w+)(%+?)$");
	if type(field) == "table" then
		table.insert(form, field);
	elseif labels[name] then
		table.insert(form, { name = name, type = "text-single", label = labels[name], required = plus == "+" });
		offer:tag(name):up();
	else
		module:log("error", "additional_registration_fields: no field is called %q", field);
	end
end
offer:add_child(form:form());

module:hook("stream-features", function (event)
	local session = event.origin;
	if session.type == "c2s_unauthed" and (session.secure or not require_encryption) then
		event.features:tag("register", { xmlns = NS_FEATURE }):up();
	end
end);

-- Old clients send plain elements, others the form: values and errors by field.
local function read(query)
	local submitted = query:get_child("x", "jabber:x:data");
	if submitted then
		return form:data(submitted);
	end
	local values, errors = {}, {};
	for _, field in ipairs(form) do
		local text = query:get_child_text(field.name);
		values[field.name] = text;
		if field.required and (text or "") == "" then
			errors[field.name] = "A value is required";
		end
	end
	return values, next(errors) and errors or nil;
end

-- One line per field, in the order of the form.
local function describe(errors)
	local lines = {};
	for _, field in ipairs(form) do
		if errors[field.name] then
			table.insert(lines, (field.label or field.name)..": "..errors[field.name]);
		end
	end
	return table.concat(lines, "\n");
end

-- The new account's name; nil and type, condition, text of the error.
local function create(session, query)
	local values, errors = read(query);
	if errors then
		return nil, "modify", "not-acceptable", describe(errors);
	end
	local username, password = nodeprep(values.username, true), values.password;
	if not username or username == "" then
		return nil, "modify", "not-acceptable", "This is not a valid user name";
	end
	values.username, values.password, values.FORM_TYPE = nil, nil, nil;

	local request = {
		username = username, password = password, host = module.host, additional = values;
		ip = session.ip, session = session, allowed = true;
	};
	module:fire_event("user-registering", request);
	if not request.allowed then
		local err = request.error or {};
		return nil, err.type or "modify", err.condition or "not-acceptable", err.text or request.reason;
	elseif usermanager.user_exists(username, module.host) then
		return nil, "cancel", "conflict", "This user name is taken";
	end

	local ok, err = usermanager.create_user(username, password, module.host);
	if not ok then
		module:log("error", "creating the account %s: %s", username, err);
		return nil, "wait", "internal-server-error";
	end
	values.registered = os.time();
	ok, err = details:set(username, values);
	if not ok then
		module:log("error", "storing the details of %s: %s", username, err);
		usermanager.delete_user(username, module.host);
		return nil, "wait", "internal-server-error";
	end
	return username;
end

module:hook("stanza/iq/"..NS..":query", function (event)
	local session, stanza = event.origin, event.stanza;
	local query = stanza.tags[1];
	if session.type ~= "c2s_unauthed" then
		session.send(st.error_reply(stanza, "cancel", "service-unavailable"));
	elseif require_encryption and not session.secure then
		session.send(st.error_reply(stanza, "modify", "policy-violation", "Encryption is required"));
	elseif stanza.attr.type == "get" then
		session.send(st.reply(stanza):add_child(offer));
	elseif query:get_child("remove") then
		session.send(st.error_reply(stanza, "auth", "registration-required"));
	else
		local username, kind, condition, text = create(session, query);
		if not username then
			module:log("debug", "registration from %s refused: %s", session.ip, text or condition);
			session.send(st.error_reply(stanza, kind, condition, text));
			return true;
		end
		module:log("info", "%s registered", username);
		session.send(st.reply(stanza));
		module:fire_event("user-registered", { username = username, host = module.host, source = "mod_register", session = session });
	end
	return true;
end);
