-- util.error: errors as objects: { type, condition, text, code, extra, context, source, instance_id }, type and condition as in RFC 6120 §8.3.
-- util.stanza's error_reply takes them as they are. A library describes its errors in a registry, key → fields, or in short
-- key → { type, condition, text, condition of its own }, and makes them with init(source, namespace, registry).new(key, context).

local new_id = require "util.id".short;

local error_mt = { __name = "error" };
local with_traceback = false;

function error_mt:__tostring()
	return ("error<%s:%s:%s>"):format(self.type, self.condition, self.text or "");
end

local function is_error(value)
	return getmetatable(value) == error_mt;
end

-- options.auto_inject_traceback: each new error keeps a traceback in its context.
local function configure(options)
	if options.auto_inject_traceback ~= nil then
		with_traceback = options.auto_inject_traceback;
	end
end

-- e: a key of the registry, a table of fields, or an error, which is returned as it is. context: a table for whoever wants the details.
local function new(e, context, registry, source)
	if is_error(e) then
		return e;
	end
	local fields = registry and registry[e] or type(e) == "table" and e or {};
	context = context or {};
	if with_traceback then
		context.traceback = require "util.debug".get_traceback_table(nil, 2);
	end
	return setmetatable({
		instance_id = new_id();
		type = fields.type or "cancel", condition = fields.condition or "undefined-condition";
		text = fields.text, code = fields.code, extra = fields.extra;
		context = context, source = source;
	}, error_mt);
end

-- From the short form, if it is that, to the full one.
local function expand(registry, namespace)
	local _, sample = next(registry);
	if not sample or type(next(sample)) ~= "number" then
		return registry;
	end
	local full = {};
	for key, short in pairs(registry) do
		full[key] = { type = short[1], condition = short[2], text = short[3] };
		if namespace and short[4] then
			full[key].extra = { namespace = namespace, condition = short[4] };
		end
	end
	return full;
end

-- init(source, registry) or init(source, namespace, registry): source names the library, namespace is that of its own conditions.
local function init(source, namespace, registry)
	if type(namespace) == "table" then
		namespace, registry = nil, namespace;
	end
	registry = expand(registry, namespace);

	local function make(e, context)
		return new(e, context, registry, source);
	end

	-- An error from anything; what it was is kept as context.wrapped_error.
	local function wrap(e, context)
		if is_error(e) then
			return e;
		end
		local err = make(registry[e] and e or {}, context);
		err.context.wrapped_error = e;
		return err;
	end

	return {
		source = source, registry = registry, new = make, wrap = wrap, is_error = is_error;
		coerce = function (ok, err, ...)
			if ok then
				return ok, err, ...;
			end
			return nil, wrap(err);
		end;
	};
end

-- Passes results on, but makes the second an error if the first is false or nil.
local function coerce(ok, err, ...)
	if ok or is_error(err) then
		return ok, err, ...;
	end
	return ok, new({}, { wrapped_error = err }), ...;
end

-- The error of a stanza of type error.
local function from_stanza(stanza, context, source)
	local kind, condition, text, tag = stanza:get_error();
	local element = stanza:get_child("error");
	local uri;
	if element and (condition == "gone" or condition == "redirect") then
		uri = element:get_child_text(condition, "urn:ietf:params:xml:ns:xmpp-stanzas");
	end
	context = context or {};
	context.stanza, context.by = stanza, element and element.attr.by or stanza.attr.from;
	return new({
		type = kind, condition = condition, text = text;
		extra = (tag or uri) and { tag = tag, uri = uri } or nil;
	}, context, nil, source);
end

return {
	new = new, init = init, coerce = coerce, from_stanza = from_stanza, configure = configure;
	is_error = is_error, is_err = is_error;
};
