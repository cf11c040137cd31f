-- For the scripts beside this folder: commands of all kinds.

module:depends("adhoc");

local async = require "util.async";
local new_dataform = require "util.dataforms".new;
local new_simple_form = require "util.adhoc".new_simple_form;
local new_initial_data_form = require "util.adhoc".new_initial_data_form;
local new = module:require("adhoc").new;

local function provide(node, handler, permission)
	module:provides("adhoc", new("To "..node, node, handler, permission));
end

local greeting = new_dataform {
	title = "A greeting";
	{ name = "FORM_TYPE"; type = "hidden"; value = "urn:example:greet" };
	{ name = "who"; type = "text-single"; label = "Whom"; required = true };
};

provide("greet", new_simple_form(greeting, function (fields, errors)
	if errors then
		return { status = "completed"; error = { message = "Whom? "..errors.who } };
	end
	return { status = "completed"; info = "Good morrow, "..fields.who };
end), "any");

provide("greet-again", new_initial_data_form(greeting, function ()
	return { who = "Juliet" };
end, function (fields)
	return { status = "completed"; result = { layout = greeting; values = fields } };
end), "any");

local journey = {
	{ place = "Verona"; "next"; default = "next" };
	{ place = "Mantua"; "prev"; "next"; default = "next" };
	{ place = "Padua"; "prev"; "complete"; default = "complete" };
};
local stage_form = new_dataform { { name = "place"; type = "text-single" } };

provide("travel", function (_, data, stage)
	if data.action == "cancel" then
		return { status = "canceled"; warn = "Gone no further than "..journey[stage].place };
	elseif data.action == "prev" then
		stage = stage - 1;
	elseif stage == #journey then
		return { status = "completed"; info = "Arrived in "..journey[stage].place };
	else
		stage = (stage or 0) + 1;
	end
	return { status = "executing"; actions = journey[stage]; form = { layout = stage_form; values = journey[stage] } }, stage;
end, "any");

provide("stay", function ()
	return { status = "executing"; info = "Until the morrow" }, "here";
end, "any");

provide("tell", function ()
	return { status = "completed"; info = "Hie you"; warn = "'Tis late"; error = { message = "Too late" } };
end, "any");

provide("ponder", function ()
	local wait, done = async.waiter();
	module:add_timer(0.001, done);
	wait();
	return { status = "completed"; info = "To be" };
end, "any");

provide("refuse", function ()
	return { status = "error"; error = { type = "wait"; condition = "resource-constraint"; text = "Not tonight" } };
end, "any");

provide("stumble", function () error("They stumble that run fast"); end, "any");
provide("mumble", function () return "mumble"; end, "any");
provide("vanish", function () end, "any");
provide("dither", function () return { status = "perhaps" }; end, "any");

provide("govern", function () return { status = "completed"; info = "Governed" }; end, "admin");
provide("rule", function () return { status = "completed"; info = "Ruled" }; end, "global_admin");
provide("dwell", function () return { status = "completed"; info = "Dwelt" }; end, "local_user");

-- The older way.
module:add_item("adhoc", new("To age", "age", function ()
	return { status = "completed"; info = "Aged" };
end, "any"));
