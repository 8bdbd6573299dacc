// SPDX-License-Identifier: MIT
/*
 * The interface ioctls: SIOCGIF* and SIOCSIF* of every family. Those about
 * addresses are the family's (devinet_ioctl).
 */
#include "net/core/netdevice.h"

#include "kernel/uaccess.h"
#include "lib/string.h"
#include "net/core/sock.h"
#include <linux/capability.h>
#include <linux/ethtool.h>
#include <linux/net_tstamp.h>

static int dev_ifname(struct net *net, struct ifreq *ifr)
{
	struct net_device *dev = dev_get_by_index(net, ifr->ifr_ifindex);

	if (!dev)
		return fail(-ENODEV, "no device with this index");
	memset(ifr->ifr_name, 0, IFNAMSIZ);
	(void)strscpy(ifr->ifr_name, dev->name, IFNAMSIZ);
	return 0;
}

static int dev_ifhwaddr(struct net_device *dev, struct ifreq *ifr)
{
	size_t n =
		min_t(size_t, dev->addr_len, sizeof(ifr->ifr_hwaddr.sa_data));

	memset(&ifr->ifr_hwaddr, 0, sizeof(ifr->ifr_hwaddr));
	ifr->ifr_hwaddr.sa_family = dev->type;
	memcpy(ifr->ifr_hwaddr.sa_data, dev->dev_addr, n);
	return 0;
}

/* No driver, no ring, no offload: its link and its time stamps. */
static int dev_ethtool(struct net_device *dev, void __user *data)
{
	struct ethtool_value link = {
		.cmd = ETHTOOL_GLINK,
		.data = (dev->flags & IFF_UP) &&
			dev->operstate != IF_OPER_DOWN,
	};
	struct ethtool_ts_info stamps = {
		.cmd = ETHTOOL_GET_TS_INFO,
		.so_timestamping = SOF_TIMESTAMPING_TX_SOFTWARE |
				   SOF_TIMESTAMPING_RX_SOFTWARE |
				   SOF_TIMESTAMPING_SOFTWARE,
		.phc_index = -1,
	};
	unsigned long left;
	u32 cmd;

	if (copy_from_user(&cmd, data, sizeof(cmd)))
		return fail(-EFAULT, "bad pointer to the ethtool request");
	if (cmd == ETHTOOL_GLINK)
		left = copy_to_user(data, &link, sizeof(link));
	else if (cmd == ETHTOOL_GET_TS_INFO)
		left = copy_to_user(data, &stamps, sizeof(stamps));
	else
		return fail(-EOPNOTSUPP, "no such ethtool request");
	return left ? fail(-EFAULT, "bad pointer for the answer") : 0;
}

/* Reading: anybody may. */
static int dev_ifsioc_get(struct net_device *dev, unsigned int cmd,
			  struct ifreq *ifr)
{
	switch (cmd) {
	case SIOCGIFFLAGS:
		ifr->ifr_flags = (s16)dev_get_flags(dev);
		return 0;
	case SIOCGIFMETRIC:
		ifr->ifr_metric = 0;
		return 0;
	case SIOCGIFMTU:
		ifr->ifr_mtu = (s32)dev->mtu;
		return 0;
	case SIOCGIFHWADDR:
		return dev_ifhwaddr(dev, ifr);
	case SIOCGIFINDEX:
		ifr->ifr_ifindex = dev->ifindex;
		return 0;
	case SIOCGIFTXQLEN:
		ifr->ifr_qlen = (s32)dev->tx_queue_len;
		return 0;
	case SIOCGIFMAP:
		memset(&ifr->ifr_map, 0, sizeof(ifr->ifr_map));
		return 0;
	case SIOCGIFSLAVE:
		return fail(-EINVAL, "there are no slave devices");
	case SIOCETHTOOL:
		return dev_ethtool(dev, u64_to_user_ptr((u64)ifr->ifr_data));
	default:
		return -ENOIOCTLCMD;
	}
}

static int dev_set_mac_address(struct net_device *dev, const struct sockaddr *a)
{
	int err;

	if (!dev->netdev_ops->ndo_set_mac_address)
		return fail(-EOPNOTSUPP, "the device has no address to set");
	if (a->sa_family != dev->type)
		return fail(-EINVAL, "address of another kind of device");
	err = dev->netdev_ops->ndo_set_mac_address(dev, a->sa_data);
	if (!err)
		call_netdevice_notifiers(NETDEV_CHANGEADDR, dev);
	return err;
}

/* Changing. */
static int dev_ifsioc_set(struct net_device *dev, unsigned int cmd,
			  struct ifreq *ifr)
{
	switch (cmd) {
	case SIOCSIFFLAGS:
		return dev_change_flags(dev, (u16)ifr->ifr_flags);
	case SIOCSIFMETRIC:
		return fail(-EOPNOTSUPP, "devices have no metric");
	case SIOCSIFMTU:
		return dev_set_mtu(dev, ifr->ifr_mtu);
	case SIOCSIFHWADDR:
		return dev_set_mac_address(dev, &ifr->ifr_hwaddr);
	case SIOCSIFTXQLEN:
		if (ifr->ifr_qlen < 0)
			return fail(-EINVAL, "negative queue length");
		dev->tx_queue_len = (unsigned int)ifr->ifr_qlen;
		return 0;
	case SIOCSIFNAME:
		ifr->ifr_newname[IFNAMSIZ - 1] = '\0';
		return dev_change_name(dev, ifr->ifr_newname);
	case SIOCSIFMAP:
		return fail(-EOPNOTSUPP, "devices have no map");
	default:
		return -ENOIOCTLCMD;
	}
}

static inline bool is_set_cmd(unsigned int cmd)
{
	switch (cmd) {
	case SIOCSIFFLAGS:
	case SIOCSIFMETRIC:
	case SIOCSIFMTU:
	case SIOCSIFHWADDR:
	case SIOCSIFTXQLEN:
	case SIOCSIFNAME:
	case SIOCSIFMAP:
		return true;
	default:
		return false;
	}
}

static inline bool is_get_cmd(unsigned int cmd)
{
	switch (cmd) {
	case SIOCGIFFLAGS:
	case SIOCGIFMETRIC:
	case SIOCGIFMTU:
	case SIOCGIFHWADDR:
	case SIOCGIFINDEX:
	case SIOCGIFTXQLEN:
	case SIOCGIFMAP:
	case SIOCGIFSLAVE:
	case SIOCETHTOOL:
		return true;
	default:
		return false;
	}
}

int dev_ioctl(struct net *net, unsigned int cmd, struct ifreq *ifr,
	      bool *ret_copyout)
{
	struct net_device *dev;
	bool set = is_set_cmd(cmd);
	char name[IFNAMSIZ];

	*ret_copyout = !set;
	if (cmd == SIOCGIFNAME)
		return dev_ifname(net, ifr);
	if (!set && !is_get_cmd(cmd))
		return -ENOIOCTLCMD;
	if (set && !capable(CAP_NET_ADMIN))
		return fail(-EPERM, "changing a device needs CAP_NET_ADMIN");
	ifr->ifr_name[IFNAMSIZ - 1] = '\0';
	/* An alias ("eth0:1") stands for its device, and is told back. */
	(void)strscpy(name, ifr->ifr_name, sizeof(name));
	for (char *p = name; *p; p++) {
		if (*p == ':')
			*p = '\0';
	}
	dev = dev_get_by_name(net, name);
	if (!dev)
		return fail(-ENODEV, "no such device");
	return set ? dev_ifsioc_set(dev, cmd, ifr)
		   : dev_ifsioc_get(dev, cmd, ifr);
}

/* The program's struct ifconf. */
static int ifconf_get(void __user *arg, int *ret_len, char __user **ret_buf)
{
	struct compat_ifconf c32;
	struct ifconf c;

	if (in_compat_syscall()) {
		if (copy_from_user(&c32, arg, sizeof(c32)))
			return fail(-EFAULT, "bad pointer to struct ifconf");
		*ret_len = c32.ifc_len;
		*ret_buf = u64_to_user_ptr(c32.ifc_buf);
		return 0;
	}
	if (copy_from_user(&c, arg, sizeof(c)))
		return fail(-EFAULT, "bad pointer to struct ifconf");
	*ret_len = c.ifc_len;
	*ret_buf = u64_to_user_ptr(c.ifc_buf);
	return 0;
}

int dev_ifconf(struct net *net, void __user *arg)
{
	int size = in_compat_syscall() ? COMPAT_IFREQ_SIZE
				       : (int)sizeof(struct ifreq);
	struct net_device *dev;
	char __user *buf;
	int len, done = 0, total = 0, err;

	err = ifconf_get(arg, &len, &buf);
	if (err)
		return err;
	list_for_each_entry(dev, &net->dev_base, dev_list) {
		/* Without a buffer it is asked how large one must be. */
		if (buf)
			done = inet_gifconf(dev, buf + total, len - total,
					    size);
		else
			done = inet_gifconf(dev, NULL, 0, size);
		if (done < 0)
			return fail(-EFAULT, "bad pointer to the list");
		total += done;
	}
	/* ifc_len comes first in both layouts. */
	return put_user(total, (int __user *)arg);
}
