local t = require "test.harness";
local adhoc = require "util.adhoc";

local form = { data = function (_, submitted) return submitted, submitted.err; end };

t.case("simple form", function ()
	local handler = adhoc.new_simple_form(form, function (fields, err) return { status = "completed", info = fields.x, err = err }; end);
	local shown, state = handler({}, { action = "execute" }, nil);
	t.same({ shown.status, shown.form == form, shown.actions.default, state }, { "executing", true, "complete", "executing" });
	t.same(handler({}, { action = "complete", form = { x = "y" } }, state), { status = "completed", info = "y" });
	t.same(handler({}, { action = "cancel", form = {} }, state), { status = "canceled" });
end);

t.case("form with initial values", function ()
	local handler = adhoc.new_initial_data_form(form, function (data)
		if data.fail then return nil, data.fail; end
		return { x = 1 };
	end, function (fields) return fields; end);
	t.same((handler({}, {}, nil)).form, { layout = form, values = { x = 1 } });
	local answer, state = handler({}, { fail = "no" }, nil);
	t.same({ answer.status, answer.error.condition, state }, { "error", "internal-server-error", nil });
	t.same(handler({}, { fail = { message = "no" } }, nil).error, { message = "no" });
	t.same(handler({}, { form = { z = 1 } }, "executing"), { z = 1 });
end);

return t.finish();
