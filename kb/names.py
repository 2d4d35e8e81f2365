"""Names that are never corrected: products, brands and offices that customers write about.

An article may well not mention them, and then the nearest word of the articles would be wrong.
"""

from __future__ import annotations

from kb.stopwords import words_of_text

NAMES = words_of_text(
    """
    acronis adobe akamai alibaba almalinux amazon amplify anydesk apache apple arsys asterisk
    asus atlassian avast avira axigen azure banahosting bbva bcp bind bing bitbucket bitdefender
    bitnami bitrix bluehost bootstrap brevo brother canon canva carbonio centos certbot chrome
    cisco clamav claro cloudflare cloudlinux cloudways cockpit codeigniter comodo composer
    contabo cpanel culqi cyberpanel debian dell digicert digitalocean django dlink docker
    dolibarr dotnet dovecot dreamweaver dropbox drupal duplicator elementor entel epson eset
    excel exchange exim facebook fail2ban fastly fedora figma filezilla firebase firefox flutter
    fortinet freepbx ghost gitea github gitlab gmail godaddy google grafana hetzner hikvision
    hostgator hostinger hotmail huawei iis imunify indecopi instagram intel interbank ionos
    iphone ispconfig izipay java jetbackup jira joomla jquery juniper kaspersky kloxo kubernetes
    kyocera laravel lenovo letsencrypt lexmark libreoffice linkedin linode litespeed logitech
    looker magento mailchimp mailcow mailgun malwarebytes mariadb matomo mautic mcafee
    mercadopago metabase microsoft mikrotik minecraft minio mongodb moodle mosquitto movistar
    mozilla mysql namecheap nextcloud nextjs nginx niubiz nodejs norton notion nvidia odoo
    office ookla opencart opera oracle osclass osiptel outlook ovh owncloud panasonic payoneer
    paypal perfex pfsense photoshop phpmyadmin pipedrive plesk plin postfix postgresql powerbi
    powerpoint prestashop proxmox putty python qmail qnap rackspace radmin rails rainloop
    raspberry react redhat redis reniec ricoh roundcube rspamd ruby safari salesforce samsung
    sectigo sendgrid sendinblue shopify shoutcast siteground sitejet sitepad skype slack
    snapchat softaculous solusvm sonicwall sophos spamassassin spamhaus splunk spotify
    squarespace squid starlink stripe sunarp sunat suse swagger symantec symfony synology teams
    teamspeak teamviewer telegram telmex tenable tiktok tomcat toshiba tplink trello twilio
    ubiquiti ubuntu ultravnc valkey varnish veeam vercel virtualbox virtualizor virtualmin
    visanet vmware vultr wamp webmin webuzo weebly whatsapp whm whmcs windows winscp wireguard
    wix woocommerce word wordfence wordpress wufoo xampp xenforo xerox xiaomi yape youtube
    zabbix zebra zendesk zimbra zoho zoom
    """
)
