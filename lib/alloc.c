/* alloc: objects in heap memory. The only file that allocates, and optional: without it the library needs
 * no heap. */
#include "conn_internal.h"
#include "release.h"

#include <stdlib.h>

pptp_err pptp_config_new(const pptp_config_options *options, const pptp_config **ret)
{
	const pptp_config *config;
	void *mem = malloc(pptp_config_size());
	pptp_err err;
	if (!mem)
		return PPTP_ERR_NO_HEAP;
	err = ret ? pptp_config_init(mem, pptp_config_size(), options, &config) : PPTP_ERR_ARG;
	if (err) {
		free(mem);
		return err;
	}
	pptp_config_set_release(mem, free);
	*ret = config;
	return PPTP_OK;
}

pptp_err pptp_conn_new(const pptp_config *config, const pptp_conn_options *options, pptp_usec now,
                       pptp_conn **ret)
{
	size_t size = pptp_conn_size(config);
	pptp_conn *conn;
	void *mem;
	pptp_err err;
	if (size == 0 || !ret)
		return PPTP_ERR_ARG;
	mem = malloc(size);
	if (!mem)
		return PPTP_ERR_NO_HEAP;
	err = pptp_conn_init(mem, size, config, options, now, &conn);
	if (err) {
		free(mem);
		return err;
	}
	pptp_conn_set_release(conn, free);
	*ret = conn;
	return PPTP_OK;
}

pptp_err pptp_gre_new(const pptp_gre_options *options, const pptp_gre_callbacks *callbacks, void *user,
                      pptp_gre **ret)
{
	pptp_gre *gre;
	void *mem;
	pptp_err err;
	if (!ret)
		return PPTP_ERR_ARG;
	mem = malloc(pptp_gre_size());
	if (!mem)
		return PPTP_ERR_NO_HEAP;
	err = pptp_gre_init(mem, pptp_gre_size(), options, callbacks, user, &gre);
	if (err) {
		free(mem);
		return err;
	}
	pptp_gre_set_release(gre, free);
	*ret = gre;
	return PPTP_OK;
}

pptp_err pptp_pool_new(uint32_t slots, uint32_t slot_octets, pptp_pool **ret)
{
	size_t size = pptp_pool_size(slots, slot_octets);
	pptp_pool *pool;
	void *mem;
	pptp_err err;
	if (size == 0 || !ret)
		return PPTP_ERR_ARG;
	mem = malloc(size);
	if (!mem)
		return PPTP_ERR_NO_HEAP;
	err = pptp_pool_init(mem, size, slots, slot_octets, &pool);
	if (err) {
		free(mem);
		return err;
	}
	pptp_pool_set_release(pool, free);
	*ret = pool;
	return PPTP_OK;
}

pptp_err pptp_hdlc_new(const pptp_hdlc_options *options, pptp_hdlc **ret)
{
	pptp_hdlc *hdlc;
	void *mem;
	pptp_err err;
	if (!ret)
		return PPTP_ERR_ARG;
	mem = malloc(pptp_hdlc_size());
	if (!mem)
		return PPTP_ERR_NO_HEAP;
	err = pptp_hdlc_init(mem, pptp_hdlc_size(), options, &hdlc);
	if (err) {
		free(mem);
		return err;
	}
	pptp_hdlc_set_release(hdlc, free);
	*ret = hdlc;
	return PPTP_OK;
}

pptp_err pptp_mux_new(uint32_t max_calls, uint64_t seed, pptp_mux **ret)
{
	size_t size = pptp_mux_size(max_calls);
	pptp_mux *mux;
	void *mem;
	pptp_err err;
	if (size == 0 || !ret)
		return PPTP_ERR_ARG;
	mem = malloc(size);
	if (!mem)
		return PPTP_ERR_NO_HEAP;
	err = pptp_mux_init(mem, size, max_calls, seed, &mux);
	if (err) {
		free(mem);
		return err;
	}
	pptp_mux_set_release(mux, free);
	*ret = mux;
	return PPTP_OK;
}
