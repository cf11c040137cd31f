-- util.adhoc: handlers for ad-hoc commands (XEP-0050) that show one form and act on it.

local ACTIONS = { "next", "complete", default = "complete" };

-- prepare(data) returns what to show, or nil and the answer instead.
local function one_form(form, prepare, act)
	return function (_, data, state)
		if not state and not data.form then
			local shown, answer = prepare(data);
			return answer or { status = "executing", actions = ACTIONS, form = shown }, not answer and "executing" or nil;
		elseif data.action == "cancel" then
			return { status = "canceled" };
		end
		local fields, err = form:data(data.form);
		return act(fields, err, data);
	end;
end

-- act(fields, errors, data) → the command's answer.
local function new_simple_form(form, act)
	return one_form(form, function () return form; end, act);
end

-- initial(data) → values to show, or nil and an error (text or table { message = … }).
local function new_initial_data_form(form, initial, act)
	return one_form(form, function (data)
		local values, err = initial(data);
		if type(err) == "string" then
			err = { type = "cancel", condition = "internal-server-error", err };
		end
		if type(err) == "table" then
			return nil, { status = "error", error = err };
		end
		return { layout = form, values = values };
	end, act);
end

return { new_simple_form = new_simple_form, new_initial_data_form = new_initial_data_form };
