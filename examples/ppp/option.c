/* option: walking and writing lists of Configuration Options, RFC 1661 6. */
#include "fsm.h"

int ppp_option_next(wire_reader *list, struct ppp_option *ret_option)
{
	struct ppp_option option;

	if (list->left == 0)
		return 0;
	option.start = list->at;
	option.type = wire_get8(list);
	option.len = wire_get8(list);
	if (list->failed || option.len < PPP_OPTION_HEADER)
		return -1;
	option.value = wire_take(list, option.len - PPP_OPTION_HEADER);
	if (!option.value)
		return -1;
	*ret_option = option;
	return 1;
}

int ppp_options_valid(const uint8_t *list, size_t len)
{
	wire_reader r = wire_read(list, len);
	struct ppp_option option;
	int got;

	do
		got = ppp_option_next(&r, &option);
	while (got > 0);
	return got == 0;
}

int ppp_rule_index(const struct ppp_layer_type *type, uint8_t option_type)
{
	for (size_t i = 0; i < type->rule_count; i++)
		if (type->rules[i].type == option_type)
			return (int)i;
	return -1;
}

void ppp_option_put16(wire_writer *w, uint8_t type, uint16_t value)
{
	wire_put8(w, type);
	wire_put8(w, PPP_OPTION_HEADER + 2);
	wire_put16(w, value);
}

void ppp_option_put32(wire_writer *w, uint8_t type, uint32_t value)
{
	wire_put8(w, type);
	wire_put8(w, PPP_OPTION_HEADER + 4);
	wire_put32(w, value);
}
