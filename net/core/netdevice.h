/* SPDX-License-Identifier: MIT */
/*
 * Network devices, and the way of packets between them and the protocols.
 *
 * Sending: dev_queue_xmit() -> ndo_start_xmit(). Receiving: the driver calls
 * netif_rx(), which queues on the host's backlog and raises NET_RX_SOFTIRQ;
 * net_rx_action() hands each packet to the handler of its protocol.
 */
#ifndef NET_CORE_NETDEVICE_H
#define NET_CORE_NETDEVICE_H

#include "lib/list.h"
#include "net/core/net_namespace.h"
#include "net/core/skbuff.h"
#include "uapi/if.h"

#define MAX_ADDR_LEN 32
#define NETDEV_TX_OK 0
#define NET_XMIT_SUCCESS 0
#define NET_XMIT_DROP 1
#define NET_RX_SUCCESS 0
#define NET_RX_DROP 1

struct in_device;
struct neigh_table;
struct packet_type;

struct net_device_stats {
	u64 rx_packets, tx_packets, rx_bytes, tx_bytes;
	u64 rx_errors, tx_errors, rx_dropped, tx_dropped;
	u64 multicast;
};

#define NETIF_F_LOOPBACK BIT(0) /* what is sent comes back to the host */
#define NETIF_F_GSO BIT(1) /* takes segments larger than the MTU */
#define NETIF_F_NOCSUM BIT(2) /* no wire: checksums need no computing */

struct net_device {
	char name[IFNAMSIZ];
	int ifindex;
	unsigned int flags; /* IFF_* */
	unsigned int mtu;
	unsigned short type; /* ARPHRD_* */
	u8 addr_len, operstate;
	u8 dev_addr[MAX_ADDR_LEN], broadcast[MAX_ADDR_LEN];
	unsigned short hard_header_len;
	unsigned int features; /* NETIF_F_* */
	unsigned int tx_queue_len;
	unsigned int gso_max_size; /* bytes with headers */
	unsigned int promiscuity;
	struct net *net;
	struct in_device *ip_ptr; /* IPv4 */
	const struct net_device_ops *netdev_ops;
	const struct header_ops *header_ops; /* NULL: no link header */
	struct net_device_stats stats;
	struct list_head dev_list; /* net.dev_base */
	struct list_head ptype_all; /* taps: struct packet_type.list */
	struct list_head mc; /* groups it listens to: dev_addr_lists.c */
	void *priv; /* the driver's */
	unsigned int refs;
};

struct net_device_ops {
	int (*ndo_open)(struct net_device *dev);
	int (*ndo_stop)(struct net_device *dev);
	/* Owns @skb. NETDEV_TX_OK always: what does not fit is dropped. */
	int (*ndo_start_xmit)(struct sk_buff *skb, struct net_device *dev);
	int (*ndo_change_mtu)(struct net_device *dev, int mtu);
	int (*ndo_set_mac_address)(struct net_device *dev, const void *addr);
	void (*ndo_uninit)(struct net_device *dev);
};

struct header_ops {
	/* Push the link header. Length, or negative when not complete. */
	int (*create)(struct sk_buff *skb, struct net_device *dev,
		      unsigned short type, const void *daddr,
		      const void *saddr, unsigned int len);
	/* The sender's address of what came. Its length. */
	int (*parse)(const struct sk_buff *skb, u8 *haddr);
	/* What the MAC header of a packet to send says of its protocol. */
	__be16 (*parse_protocol)(const struct sk_buff *skb);
};

/*
 * A handler of a link-layer protocol, of the table in net/core/dev.c, or a tap.
 * @func owns the skb.
 */
struct packet_type {
	__be16 type; /* ETH_P_IP, ETH_P_ALL */
	const char *name; /* func's, for /proc/net/ptype */
	struct net_device *dev; /* NULL: any */
	int (*func)(struct sk_buff *skb, struct net_device *dev,
		    struct packet_type *pt);
	struct list_head list; /* ptype_all of dev, or of the host */
	struct sock *sk; /* a tap's: it does not see what this sends */
	bool ignore_outgoing;
};
/*
 * Taps: of ETH_P_ALL they see both directions, of a protocol what comes in.
 * dev_remove_pack() may be called from the tap itself.
 */
void dev_add_pack(struct net *net, struct packet_type *pt);
void dev_remove_pack(struct packet_type *pt);

/* The table of handlers: one row a protocol, net/core/dev.c. */
int ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt);

struct net_device *alloc_netdev(size_t priv_size, const char *name,
				void (*setup)(struct net_device *dev));
/* 0; -EEXIST, -EINVAL for the name. The device belongs to @net then. */
int register_netdev(struct net *net, struct net_device *dev);
void unregister_netdev(struct net_device *dev);
void free_netdev(struct net_device *dev);
/* Neither takes a reference: a device lives until unregister_netdev(). */
struct net_device *dev_get_by_index(struct net *net, int ifindex);
struct net_device *dev_get_by_name(struct net *net, const char *name);
int dev_open(struct net_device *dev);
void dev_close(struct net_device *dev);
int dev_change_flags(struct net_device *dev, unsigned int flags);
int dev_set_mtu(struct net_device *dev, int mtu);
int dev_change_name(struct net_device *dev, const char *name);
unsigned int dev_get_flags(const struct net_device *dev);

/* Protocols that follow devices: called for each event, in order of the table.
 */
enum netdev_event {
	NETDEV_REGISTER,
	NETDEV_UP,
	NETDEV_DOWN,
	NETDEV_UNREGISTER,
	NETDEV_CHANGEMTU,
	NETDEV_CHANGEADDR,
};
/* A row of that table: net/packet/af_packet.c. */
void packet_notifier(enum netdev_event ev, struct net_device *dev);
void call_netdevice_notifiers(enum netdev_event ev, struct net_device *dev);
/* A row of that table: net/ipv4/devinet.c (it tells the fib). */
void inetdev_event(enum netdev_event ev, struct net_device *dev);
/* A row of that table: net/netlink/rtnetlink.c. */
void rtnetlink_event(enum netdev_event ev, struct net_device *dev);

int dev_queue_xmit(struct sk_buff *skb);
int netif_rx(struct sk_buff *skb);
int netif_receive_skb(struct sk_buff *skb);
/* Once for each kernel, before its first net_alloc(). */
void net_dev_init(void);
/* Drop what waits to be received: the host goes. */
void net_backlog_purge(struct net *net);

static inline int dev_hard_header(struct sk_buff *skb, struct net_device *dev,
				  unsigned short type, const void *daddr,
				  const void *saddr, unsigned int len)
{
	if (!dev->header_ops)
		return 0;
	return dev->header_ops->create(skb, dev, type, daddr, saddr, len);
}

/* Groups of the link layer, and promiscuous mode: dev_addr_lists.c. */
int dev_mc_add(struct net_device *dev, const u8 *addr);
void dev_mc_del(struct net_device *dev, const u8 *addr);
void dev_mc_flush(struct net_device *dev);
void dev_set_promiscuity(struct net_device *dev, int by);

static inline bool dev_has_header(const struct net_device *dev)
{
	return dev->header_ops != NULL;
}

/* SIOCGIF*, SIOCSIF*: net/core/dev_ioctl.c. -ENOIOCTLCMD: not one of these. */
int dev_ioctl(struct net *net, unsigned int cmd, struct ifreq *ifr,
	      bool *ret_copyout);
int dev_ifconf(struct net *net, void __user *arg);
/*
 * The family's rows of SIOCGIFCONF for one device: net/ipv4/devinet_ioctl.c.
 * Writes ifreqs of @size bytes, or counts them when @buf is NULL. Bytes, or
 * -EFAULT.
 */
int inet_gifconf(struct net_device *dev, char __user *buf, int len, int size);

/*
 * IPv4's requests about addresses and routes, on a socket of any family that
 * takes them: net/ipv4/af_inet.c. -ENOIOCTLCMD: not one of these.
 */
int inet_dev_ioctl(struct net *net, unsigned int cmd, unsigned long arg);

/* drivers/net/loopback.c */
int loopback_net_init(struct net *net);
void loopback_net_exit(struct net *net);

#endif
