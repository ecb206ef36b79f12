-- A database as version 0.1.0 made it, with its own migrations and services. The sealed secrets open with the key in
-- tests/test_upgrade.py.
BEGIN TRANSACTION;
CREATE TABLE "account_emailaddress" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "verified" bool NOT NULL, "primary" bool NOT NULL, "user_id" bigint NOT NULL REFERENCES "dashboard_user" ("id") DEFERRABLE INITIALLY DEFERRED, "email" varchar(254) NOT NULL);
CREATE TABLE "account_emailconfirmation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "created" datetime NOT NULL, "sent" datetime NULL, "key" varchar(64) NOT NULL UNIQUE, "email_address_id" integer NOT NULL REFERENCES "account_emailaddress" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(150) NOT NULL UNIQUE);
CREATE TABLE "auth_group_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL);
INSERT INTO "auth_permission" VALUES(1,1,'add_registry','Can add registry');
INSERT INTO "auth_permission" VALUES(2,1,'change_registry','Can change registry');
INSERT INTO "auth_permission" VALUES(3,1,'delete_registry','Can delete registry');
INSERT INTO "auth_permission" VALUES(4,1,'view_registry','Can view registry');
INSERT INTO "auth_permission" VALUES(5,2,'add_user','Can add user');
INSERT INTO "auth_permission" VALUES(6,2,'change_user','Can change user');
INSERT INTO "auth_permission" VALUES(7,2,'delete_user','Can delete user');
INSERT INTO "auth_permission" VALUES(8,2,'view_user','Can view user');
INSERT INTO "auth_permission" VALUES(9,3,'add_credential','Can add credential');
INSERT INTO "auth_permission" VALUES(10,3,'change_credential','Can change credential');
INSERT INTO "auth_permission" VALUES(11,3,'delete_credential','Can delete credential');
INSERT INTO "auth_permission" VALUES(12,3,'view_credential','Can view credential');
INSERT INTO "auth_permission" VALUES(13,4,'add_change','Can add change');
INSERT INTO "auth_permission" VALUES(14,4,'change_change','Can change change');
INSERT INTO "auth_permission" VALUES(15,4,'delete_change','Can delete change');
INSERT INTO "auth_permission" VALUES(16,4,'view_change','Can view change');
INSERT INTO "auth_permission" VALUES(17,5,'add_exchange','Can add exchange');
INSERT INTO "auth_permission" VALUES(18,5,'change_exchange','Can change exchange');
INSERT INTO "auth_permission" VALUES(19,5,'delete_exchange','Can delete exchange');
INSERT INTO "auth_permission" VALUES(20,5,'view_exchange','Can view exchange');
INSERT INTO "auth_permission" VALUES(21,6,'add_knownnumber','Can add known number');
INSERT INTO "auth_permission" VALUES(22,6,'change_knownnumber','Can change known number');
INSERT INTO "auth_permission" VALUES(23,6,'delete_knownnumber','Can delete known number');
INSERT INTO "auth_permission" VALUES(24,6,'view_knownnumber','Can view known number');
INSERT INTO "auth_permission" VALUES(25,7,'add_account','Can add account');
INSERT INTO "auth_permission" VALUES(26,7,'change_account','Can change account');
INSERT INTO "auth_permission" VALUES(27,7,'delete_account','Can delete account');
INSERT INTO "auth_permission" VALUES(28,7,'view_account','Can view account');
INSERT INTO "auth_permission" VALUES(29,8,'add_loginfailure','Can add login failure');
INSERT INTO "auth_permission" VALUES(30,8,'change_loginfailure','Can change login failure');
INSERT INTO "auth_permission" VALUES(31,8,'delete_loginfailure','Can delete login failure');
INSERT INTO "auth_permission" VALUES(32,8,'view_loginfailure','Can view login failure');
INSERT INTO "auth_permission" VALUES(33,9,'add_number','Can add number');
INSERT INTO "auth_permission" VALUES(34,9,'change_number','Can change number');
INSERT INTO "auth_permission" VALUES(35,9,'delete_number','Can delete number');
INSERT INTO "auth_permission" VALUES(36,9,'view_number','Can view number');
INSERT INTO "auth_permission" VALUES(37,10,'add_record','Can add record');
INSERT INTO "auth_permission" VALUES(38,10,'change_record','Can change record');
INSERT INTO "auth_permission" VALUES(39,10,'delete_record','Can delete record');
INSERT INTO "auth_permission" VALUES(40,10,'view_record','Can view record');
INSERT INTO "auth_permission" VALUES(41,11,'add_zone','Can add zone');
INSERT INTO "auth_permission" VALUES(42,11,'change_zone','Can change zone');
INSERT INTO "auth_permission" VALUES(43,11,'delete_zone','Can delete zone');
INSERT INTO "auth_permission" VALUES(44,11,'view_zone','Can view zone');
INSERT INTO "auth_permission" VALUES(45,12,'add_nameserver','Can add name server');
INSERT INTO "auth_permission" VALUES(46,12,'change_nameserver','Can change name server');
INSERT INTO "auth_permission" VALUES(47,12,'delete_nameserver','Can delete name server');
INSERT INTO "auth_permission" VALUES(48,12,'view_nameserver','Can view name server');
INSERT INTO "auth_permission" VALUES(49,13,'add_publication','Can add publication');
INSERT INTO "auth_permission" VALUES(50,13,'change_publication','Can change publication');
INSERT INTO "auth_permission" VALUES(51,13,'delete_publication','Can delete publication');
INSERT INTO "auth_permission" VALUES(52,13,'view_publication','Can view publication');
INSERT INTO "auth_permission" VALUES(53,14,'add_emailaddress','Can add email address');
INSERT INTO "auth_permission" VALUES(54,14,'change_emailaddress','Can change email address');
INSERT INTO "auth_permission" VALUES(55,14,'delete_emailaddress','Can delete email address');
INSERT INTO "auth_permission" VALUES(56,14,'view_emailaddress','Can view email address');
INSERT INTO "auth_permission" VALUES(57,15,'add_emailconfirmation','Can add email confirmation');
INSERT INTO "auth_permission" VALUES(58,15,'change_emailconfirmation','Can change email confirmation');
INSERT INTO "auth_permission" VALUES(59,15,'delete_emailconfirmation','Can delete email confirmation');
INSERT INTO "auth_permission" VALUES(60,15,'view_emailconfirmation','Can view email confirmation');
INSERT INTO "auth_permission" VALUES(61,16,'add_logentry','Can add log entry');
INSERT INTO "auth_permission" VALUES(62,16,'change_logentry','Can change log entry');
INSERT INTO "auth_permission" VALUES(63,16,'delete_logentry','Can delete log entry');
INSERT INTO "auth_permission" VALUES(64,16,'view_logentry','Can view log entry');
INSERT INTO "auth_permission" VALUES(65,17,'add_permission','Can add permission');
INSERT INTO "auth_permission" VALUES(66,17,'change_permission','Can change permission');
INSERT INTO "auth_permission" VALUES(67,17,'delete_permission','Can delete permission');
INSERT INTO "auth_permission" VALUES(68,17,'view_permission','Can view permission');
INSERT INTO "auth_permission" VALUES(69,18,'add_group','Can add group');
INSERT INTO "auth_permission" VALUES(70,18,'change_group','Can change group');
INSERT INTO "auth_permission" VALUES(71,18,'delete_group','Can delete group');
INSERT INTO "auth_permission" VALUES(72,18,'view_group','Can view group');
INSERT INTO "auth_permission" VALUES(73,19,'add_contenttype','Can add content type');
INSERT INTO "auth_permission" VALUES(74,19,'change_contenttype','Can change content type');
INSERT INTO "auth_permission" VALUES(75,19,'delete_contenttype','Can delete content type');
INSERT INTO "auth_permission" VALUES(76,19,'view_contenttype','Can view content type');
INSERT INTO "auth_permission" VALUES(77,20,'add_session','Can add session');
INSERT INTO "auth_permission" VALUES(78,20,'change_session','Can change session');
INSERT INTO "auth_permission" VALUES(79,20,'delete_session','Can delete session');
INSERT INTO "auth_permission" VALUES(80,20,'view_session','Can view session');
CREATE TABLE "dashboard_change" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "person" varchar(150) NOT NULL, "credential_label" varchar(100) NOT NULL, "registry_name" varchar(100) NOT NULL, "command" varchar(10) NOT NULL, "number_id" bigint NOT NULL, "number" varchar(40) NOT NULL, "record_id" bigint NULL, "before" text NOT NULL CHECK ((JSON_VALID("before") OR "before" IS NULL)), "after" text NOT NULL CHECK ((JSON_VALID("after") OR "after" IS NULL)), "outcome" varchar(12) NOT NULL, "words" text NOT NULL, "submission" char(32) NOT NULL, "created_at" datetime NOT NULL, "settled_at" datetime NULL, "user_id" bigint NULL REFERENCES "dashboard_user" ("id") DEFERRABLE INITIALLY DEFERRED, "credential_id" bigint NULL REFERENCES "dashboard_credential" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "change_submitted_once" UNIQUE ("user_id", "submission"));
INSERT INTO "dashboard_change" VALUES(1,'alice','Embedded','This registry','new',1,'16045550123',6,'[{"id": 1, "order": 100, "preference": 10, "service": "SIP", "hostdata": "alice@example.org"}, {"id": 2, "order": 100, "preference": 20, "service": "IAX2", "hostdata": "pbx.example.org/5550123"}, {"id": 3, "order": 100, "preference": 30, "service": "MAILTO", "hostdata": "alice@example.org"}]','[{"id": 6, "order": 100, "preference": 40, "service": "SIP", "hostdata": "carol@example.org"}]','applied','','59ba347107ad439f9a8f2e3adb3892f2','2026-11-29 09:25:58.017754','2026-11-29 09:25:58.026023',1,1);
INSERT INTO "dashboard_change" VALUES(2,'alice','Embedded','This registry','update',1,'16045550123',6,'[{"id": 6, "order": 100, "preference": 40, "service": "SIP", "hostdata": "carol@example.org"}]','[{"id": 6, "order": 100, "preference": 40, "service": "SIP", "hostdata": "dave@example.org"}]','applied','','830018dad98c4f529b34f577709e4b68','2026-11-29 09:25:58.034101','2026-11-29 09:25:58.041122',1,1);
INSERT INTO "dashboard_change" VALUES(3,'alice','Embedded','This registry','update',1,'16045550123',6,'[{"id": 6, "order": 100, "preference": 40, "service": "SIP", "hostdata": "dave@example.org"}]','[{"id": 6, "order": 100, "preference": 25, "service": "SIP", "hostdata": "dave@example.org"}]','applied','','a7fd9f9e7fe4408bbef0ff4b7fa8939e','2026-11-29 09:25:58.049723','2026-11-29 09:25:58.057003',1,1);
INSERT INTO "dashboard_change" VALUES(4,'alice','Embedded','This registry','delete',1,'16045550123',3,'[{"id": 3, "order": 100, "preference": 30, "service": "MAILTO", "hostdata": "alice@example.org"}]','[]','applied','','dbf224eaf9bd423bade819b316fd6a9d','2026-11-29 09:25:58.064837','2026-11-29 09:25:58.070559',1,1);
INSERT INTO "dashboard_change" VALUES(5,'alice','Embedded','This registry','deleteall',2,'442079460958',NULL,'[{"id": 4, "order": 100, "preference": 10, "service": "SIP", "hostdata": "reception@example.net"}]','[]','applied','','fb36167eaf8e4b3c888f8e7e2cad5fd1','2026-11-29 09:25:58.079739','2026-11-29 09:25:58.084710',1,1);
INSERT INTO "dashboard_change" VALUES(6,'alice','Embedded','This registry','update',1,'16045550123',1,'[{"id": 1, "order": 100, "preference": 10, "service": "SIP", "hostdata": "alice@example.org"}]','[{"id": 1, "order": 100, "preference": 10, "service": "SIP", "hostdata": "alice@example.org"}]','applied','','58ccf3f196b44294a7fea91597dbb885','2026-11-29 09:25:58.092736','2026-11-29 09:25:58.099817',1,1);
INSERT INTO "dashboard_change" VALUES(7,'alice','Embedded','This registry','new',3,'61491570156',NULL,'[{"id": 5, "order": 100, "preference": 10, "service": "XMPP", "hostdata": "bob@example.net"}]','[{"id": null, "order": 100, "preference": 20, "service": "x-none", "hostdata": "anything"}]','refused','This registry has no service “x-none”. The command listservices names them all.
code: unknown-service','2884b58e197d487fbab8e9e60c8afcee','2026-11-29 09:25:58.105015','2026-11-29 09:25:58.107396',1,1);
INSERT INTO "dashboard_change" VALUES(8,'alice','Embedded','This registry','new',3,'61491570156',NULL,'[{"id": 5, "order": 100, "preference": 10, "service": "XMPP", "hostdata": "bob@example.net"}]','[{"id": null, "order": 100, "preference": 30, "service": "SIP", "hostdata": "erin@example.net"}]','sent','','cbd336494f4146cc9c2062f180da7e94','2026-11-29 09:25:58.111924',NULL,1,1);
CREATE TABLE "dashboard_credential" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "label" varchar(100) NOT NULL, "username" varchar(150) NOT NULL, "sealed" text NOT NULL, "services" text NOT NULL CHECK ((JSON_VALID("services") OR "services" IS NULL)), "checked_at" datetime NULL, "problem" text NOT NULL, "created_at" datetime NOT NULL, "user_id" bigint NOT NULL REFERENCES "dashboard_user" ("id") DEFERRABLE INITIALLY DEFERRED, "registry_id" bigint NOT NULL REFERENCES "dashboard_registry" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "credential_label_once" UNIQUE ("user_id", "label"), CONSTRAINT "credential_login_once" UNIQUE ("user_id", "registry_id", "username"));
INSERT INTO "dashboard_credential" VALUES(1,'Embedded','alice','gAAAAABrC--lF1koaIZ5wUJtpNvc-TByJW1ePBhaKrj70eRItrJHrnrS86VC2GlwmTx9NxH1g7_T3i2xnK_cDzQzkTPDZNm77z5kScTEV9lHYyI9Wan8WhsAtXDSbcwEiJ86syTow79E2HG3heihz1RAkLwK1QxYxb-s5R6Z44ZgL0M4k-OeMVE=','["SIP", "IAX2", "IAX", "H323", "XMPP", "MAILTO", "TEL", "WEB", "acct", "ems:mailto", "ems:tel", "fax:tel", "ft:ftp", "ical-access:http", "ical-access:https", "ical-sched:mailto", "ifax:mailto", "im", "mms:mailto", "mms:tel", "pres", "pstn:sip", "pstn:tel", "sms:mailto", "sms:tel", "unifmsg:http", "unifmsg:https", "unifmsg:sip", "unifmsg:sips", "vcard", "videomsg:http", "videomsg:https", "videomsg:sip", "videomsg:sips", "voicemsg:http", "voicemsg:https", "voicemsg:sip", "voicemsg:sips", "voicemsg:tel", "vpim:ldap", "vpim:mailto", "web:http", "web:https"]','2026-11-29 09:25:58.000037','','2026-11-29 09:25:57.937490',1,1);
CREATE TABLE "dashboard_exchange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "command" varchar(20) NOT NULL, "request" text NOT NULL, "reply" text NOT NULL, "status" integer unsigned NULL CHECK ("status" >= 0), "outcome" varchar(10) NOT NULL, "error" text NOT NULL, "started_at" datetime NOT NULL, "elapsed_ms" real NOT NULL, "credential_id" bigint NOT NULL REFERENCES "dashboard_credential" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "dashboard_user" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "dashboard_exchange" VALUES(1,'ping','version=1&command=ping&username=alice&secret=••••','version=1
response=OK

.
',200,'ok','','2026-11-29 09:25:57.939007',44.2395790005321,1,1);
INSERT INTO "dashboard_exchange" VALUES(2,'list','version=1&command=list&username=alice&secret=••••','version=1
response=OK
numrows=3

1,1,604,5550123
2,44,20,79460958
3,61,491,570156
.
',200,'ok','','2026-11-29 09:25:57.985327',5.94224100041174096986e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(3,'ping','version=1&command=ping&username=alice&secret=••••','version=1
response=OK

.
',200,'ok','','2026-11-29 09:25:57.993900',1.72756600022694328799e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(4,'myip','version=1&command=myip&username=alice&secret=••••','version=1
response=OK

127.0.0.1
.
',200,'ok','','2026-11-29 09:25:57.996320',1.321157999882416334e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(5,'listservices','version=1&command=listservices&username=alice&secret=••••','version=1
response=OK

SIP,IAX2,IAX,H323,XMPP,MAILTO,TEL,WEB,acct,ems:mailto,ems:tel,fax:tel,ft:ftp,ical-access:http,ical-access:https,ical-sched:mailto,ifax:mailto,im,mms:mailto,mms:tel,pres,pstn:sip,pstn:tel,sms:mailto,sms:tel,unifmsg:http,unifmsg:https,unifmsg:sip,unifmsg:sips,vcard,videomsg:http,videomsg:https,videomsg:sip,videomsg:sips,voicemsg:http,voicemsg:https,voicemsg:sip,voicemsg:sips,voicemsg:tel,vpim:ldap,vpim:mailto,web:http,web:https
.
',200,'ok','','2026-11-29 09:25:57.998152',1.40422000004036817699e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(6,'list','version=1&command=list&username=alice&secret=••••','version=1
response=OK
numrows=3

1,1,604,5550123
2,44,20,79460958
3,61,491,570156
.
',200,'ok','','2026-11-29 09:25:58.000727',2.96211600016249576583e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(7,'show','version=1&command=show&username=alice&id=1&secret=••••','version=1
response=OK
numrows=3

1,1,604,5550123,100,10,SIP,alice@example.org
2,1,604,5550123,100,20,IAX2,pbx.example.org/5550123
3,1,604,5550123,100,30,MAILTO,alice@example.org
.
',200,'ok','','2026-11-29 09:25:58.004446',3.47286499982146779075e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(8,'show','version=1&command=show&username=alice&id=1&secret=••••','version=1
response=OK
numrows=3

1,1,604,5550123,100,10,SIP,alice@example.org
2,1,604,5550123,100,20,IAX2,pbx.example.org/5550123
3,1,604,5550123,100,30,MAILTO,alice@example.org
.
',200,'ok','','2026-11-29 09:25:58.013204',3.42262800040771253407e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(9,'new','version=1&command=new&username=alice&id=1&order=100&preference=40&service=SIP&hostdata=carol%40example.org&secret=••••','version=1
response=OK
id=6

.
',200,'ok','','2026-11-29 09:25:58.018277',7.23546700010047061368e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(10,'show','version=1&command=show&username=alice&id=1&secret=••••','version=1
response=OK
numrows=4

1,1,604,5550123,100,10,SIP,alice@example.org
2,1,604,5550123,100,20,IAX2,pbx.example.org/5550123
3,1,604,5550123,100,30,MAILTO,alice@example.org
6,1,604,5550123,100,40,SIP,carol@example.org
.
',200,'ok','','2026-11-29 09:25:58.026763',3.08061899977474240586e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(11,'getnaptr','version=1&command=getnaptr&username=alice&id=6&secret=••••','version=1
response=OK

6,1,604,5550123,100,40,SIP,carol@example.org
.
',200,'ok','','2026-11-29 09:25:58.030692',2.46589200014568632468e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(12,'update','version=1&command=update&username=alice&id=6&order=100&preference=40&service=SIP&hostdata=dave%40example.org&secret=••••','version=1
response=OK

.
',200,'ok','','2026-11-29 09:25:58.034444',6.17087599948718,1,1);
INSERT INTO "dashboard_exchange" VALUES(13,'show','version=1&command=show&username=alice&id=1&secret=••••','version=1
response=OK
numrows=4

1,1,604,5550123,100,10,SIP,alice@example.org
2,1,604,5550123,100,20,IAX2,pbx.example.org/5550123
3,1,604,5550123,100,30,MAILTO,alice@example.org
6,1,604,5550123,100,40,SIP,dave@example.org
.
',200,'ok','','2026-11-29 09:25:58.041803',3.14646599963452899828e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(14,'show','version=1&command=show&username=alice&id=1&secret=••••','version=1
response=OK
numrows=4

1,1,604,5550123,100,10,SIP,alice@example.org
2,1,604,5550123,100,20,IAX2,pbx.example.org/5550123
3,1,604,5550123,100,30,MAILTO,alice@example.org
6,1,604,5550123,100,40,SIP,dave@example.org
.
',200,'ok','','2026-11-29 09:25:58.045701',3.03509600053075700998e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(15,'update','version=1&command=update&username=alice&id=6&order=100&preference=25&service=SIP&hostdata=dave%40example.org&secret=••••','version=1
response=OK

.
',200,'ok','','2026-11-29 09:25:58.050065',6.37615000050573144108e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(16,'show','version=1&command=show&username=alice&id=1&secret=••••','version=1
response=OK
numrows=4

1,1,604,5550123,100,10,SIP,alice@example.org
2,1,604,5550123,100,20,IAX2,pbx.example.org/5550123
6,1,604,5550123,100,25,SIP,dave@example.org
3,1,604,5550123,100,30,MAILTO,alice@example.org
.
',200,'ok','','2026-11-29 09:25:58.057611',3.00404799963871482759e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(17,'getnaptr','version=1&command=getnaptr&username=alice&id=3&secret=••••','version=1
response=OK

3,1,604,5550123,100,30,MAILTO,alice@example.org
.
',200,'ok','','2026-11-29 09:25:58.061509',2.38475999958609463647e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(18,'delete','version=1&command=delete&username=alice&id=3&confirm=y&secret=••••','version=1
response=OK

.
',200,'ok','','2026-11-29 09:25:58.065174',4.73018599950592,1,1);
INSERT INTO "dashboard_exchange" VALUES(19,'show','version=1&command=show&username=alice&id=2&secret=••••','version=1
response=OK
numrows=1

4,44,20,79460958,100,10,SIP,reception@example.net
.
',200,'ok','','2026-11-29 09:25:58.071230',3.39786700078548165038e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(20,'show','version=1&command=show&username=alice&id=2&secret=••••','version=1
response=OK
numrows=1

4,44,20,79460958,100,10,SIP,reception@example.net
.
',200,'ok','','2026-11-29 09:25:58.075544',3.1658850002713734284e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(21,'deleteall','version=1&command=deleteall&username=alice&id=2&confirm=y&secret=••••','version=1
response=OK

.
',200,'ok','','2026-11-29 09:25:58.080106',4.08172199968248605728e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(22,'show','version=1&command=show&username=alice&id=1&secret=••••','version=1
response=OK
numrows=3

1,1,604,5550123,100,10,SIP,alice@example.org
2,1,604,5550123,100,20,IAX2,pbx.example.org/5550123
6,1,604,5550123,100,25,SIP,dave@example.org
.
',200,'ok','','2026-11-29 09:25:58.085349',3.30755200047860853374e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(23,'getnaptr','version=1&command=getnaptr&username=alice&id=1&secret=••••','version=1
response=OK

1,1,604,5550123,100,10,SIP,alice@example.org
.
',200,'ok','','2026-11-29 09:25:58.089417',2.39200500072911381721e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(24,'update','version=1&command=update&username=alice&id=1&order=100&preference=10&service=SIP&hostdata=alice%40example.org&secret=••••','version=1
response=OK

.
',200,'ok','','2026-11-29 09:25:58.093047',6.2652930000695050694e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(25,'show','version=1&command=show&username=alice&id=3&secret=••••','version=1
response=OK
numrows=1

5,61,491,570156,100,10,XMPP,bob@example.net
.
',200,'ok','','2026-11-29 09:25:58.101180',2.96166299995093140751e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(26,'new','version=1&command=new&username=alice&id=3&order=100&preference=20&service=x-none&hostdata=anything&secret=••••','version=1
response=BAD
error=This+registry+has+no+service+%E2%80%9Cx-none%E2%80%9D.+The+command+listservices+names+them+all.
code=unknown-service

.
',200,'bad','The registry refused: This registry has no service “x-none”. The command listservices names them all.
code: unknown-service','2026-11-29 09:25:58.105366',1.48203600019769510254e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(27,'show','version=1&command=show&username=alice&id=3&secret=••••','version=1
response=OK
numrows=1

5,61,491,570156,100,10,XMPP,bob@example.net
.
',200,'ok','','2026-11-29 09:25:58.108126',2.97449600020627258345e+00,1,1);
INSERT INTO "dashboard_exchange" VALUES(28,'new','version=1&command=new&username=alice&id=3&order=100&preference=30&service=SIP&hostdata=erin%40example.net&secret=••••','version=1
response=OK
id=7

.
',200,'ok','','2026-11-29 09:25:58.112253',6.54843500069546280428e+00,1,1);
CREATE TABLE "dashboard_knownnumber" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number_id" bigint NOT NULL, "record_count" integer unsigned NOT NULL CHECK ("record_count" >= 0), "seen_at" datetime NOT NULL, "credential_id" bigint NOT NULL REFERENCES "dashboard_credential" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "known_number_once" UNIQUE ("credential_id", "number_id"));
INSERT INTO "dashboard_knownnumber" VALUES(1,1,3,'2026-11-29 09:25:58.011264',1);
CREATE TABLE "dashboard_registry" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(100) NOT NULL UNIQUE, "url" varchar(500) NOT NULL UNIQUE, "ca_bundle" varchar(500) NOT NULL, "is_enabled" bool NOT NULL, "name_servers" text NOT NULL, "suffix" varchar(253) NOT NULL);
INSERT INTO "dashboard_registry" VALUES(1,'This registry','embedded://registry/e164/api','',1,'','e164.arpa');
CREATE TABLE "dashboard_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE, "first_name" varchar(150) NOT NULL, "last_name" varchar(150) NOT NULL, "email" varchar(254) NOT NULL, "is_staff" bool NOT NULL, "is_active" bool NOT NULL, "date_joined" datetime NOT NULL);
INSERT INTO "dashboard_user" VALUES(1,'argon2$argon2id$v=19$m=19456,t=2,p=1$eU9ZNlE3aXN2aUFJUFNJbVRKcVdIMA$QAU6xyTiLapR6xRPEEItTinFbSMsmyHV3SePqUNONYk',NULL,0,'alice','','','',0,1,'2026-11-29 09:25:57.879072');
CREATE TABLE "dashboard_user_groups" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" bigint NOT NULL REFERENCES "dashboard_user" ("id") DEFERRABLE INITIALLY DEFERRED, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "dashboard_user_user_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" bigint NOT NULL REFERENCES "dashboard_user" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "django_admin_log" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "object_id" text NULL, "object_repr" varchar(200) NOT NULL, "action_flag" smallint unsigned NOT NULL CHECK ("action_flag" >= 0), "change_message" text NOT NULL, "content_type_id" integer NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "dashboard_user" ("id") DEFERRABLE INITIALLY DEFERRED, "action_time" datetime NOT NULL);
CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);
INSERT INTO "django_content_type" VALUES(1,'dashboard','registry');
INSERT INTO "django_content_type" VALUES(2,'dashboard','user');
INSERT INTO "django_content_type" VALUES(3,'dashboard','credential');
INSERT INTO "django_content_type" VALUES(4,'dashboard','change');
INSERT INTO "django_content_type" VALUES(5,'dashboard','exchange');
INSERT INTO "django_content_type" VALUES(6,'dashboard','knownnumber');
INSERT INTO "django_content_type" VALUES(7,'registry','account');
INSERT INTO "django_content_type" VALUES(8,'registry','loginfailure');
INSERT INTO "django_content_type" VALUES(9,'registry','number');
INSERT INTO "django_content_type" VALUES(10,'registry','record');
INSERT INTO "django_content_type" VALUES(11,'registry','zone');
INSERT INTO "django_content_type" VALUES(12,'registry','nameserver');
INSERT INTO "django_content_type" VALUES(13,'registry','publication');
INSERT INTO "django_content_type" VALUES(14,'account','emailaddress');
INSERT INTO "django_content_type" VALUES(15,'account','emailconfirmation');
INSERT INTO "django_content_type" VALUES(16,'admin','logentry');
INSERT INTO "django_content_type" VALUES(17,'auth','permission');
INSERT INTO "django_content_type" VALUES(18,'auth','group');
INSERT INTO "django_content_type" VALUES(19,'contenttypes','contenttype');
INSERT INTO "django_content_type" VALUES(20,'sessions','session');
CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
INSERT INTO "django_migrations" VALUES(1,'contenttypes','0001_initial','2026-11-29 09:25:57.029060');
INSERT INTO "django_migrations" VALUES(2,'contenttypes','0002_remove_content_type_name','2026-11-29 09:25:57.037569');
INSERT INTO "django_migrations" VALUES(3,'auth','0001_initial','2026-11-29 09:25:57.059015');
INSERT INTO "django_migrations" VALUES(4,'auth','0002_alter_permission_name_max_length','2026-11-29 09:25:57.069786');
INSERT INTO "django_migrations" VALUES(5,'auth','0003_alter_user_email_max_length','2026-11-29 09:25:57.074860');
INSERT INTO "django_migrations" VALUES(6,'auth','0004_alter_user_username_opts','2026-11-29 09:25:57.079808');
INSERT INTO "django_migrations" VALUES(7,'auth','0005_alter_user_last_login_null','2026-11-29 09:25:57.084576');
INSERT INTO "django_migrations" VALUES(8,'auth','0006_require_contenttypes_0002','2026-11-29 09:25:57.085265');
INSERT INTO "django_migrations" VALUES(9,'auth','0007_alter_validators_add_error_messages','2026-11-29 09:25:57.089406');
INSERT INTO "django_migrations" VALUES(10,'auth','0008_alter_user_username_max_length','2026-11-29 09:25:57.093369');
INSERT INTO "django_migrations" VALUES(11,'auth','0009_alter_user_last_name_max_length','2026-11-29 09:25:57.098554');
INSERT INTO "django_migrations" VALUES(12,'auth','0010_alter_group_name_max_length','2026-11-29 09:25:57.105985');
INSERT INTO "django_migrations" VALUES(13,'auth','0011_update_proxy_permissions','2026-11-29 09:25:57.111763');
INSERT INTO "django_migrations" VALUES(14,'auth','0012_alter_user_first_name_max_length','2026-11-29 09:25:57.120968');
INSERT INTO "django_migrations" VALUES(15,'dashboard','0001_initial','2026-11-29 09:25:57.217916');
INSERT INTO "django_migrations" VALUES(16,'account','0001_initial','2026-11-29 09:25:57.246011');
INSERT INTO "django_migrations" VALUES(17,'account','0002_email_max_length','2026-11-29 09:25:57.262160');
INSERT INTO "django_migrations" VALUES(18,'account','0003_alter_emailaddress_create_unique_verified_email','2026-11-29 09:25:57.286283');
INSERT INTO "django_migrations" VALUES(19,'account','0004_alter_emailaddress_drop_unique_email','2026-11-29 09:25:57.301418');
INSERT INTO "django_migrations" VALUES(20,'account','0005_emailaddress_idx_upper_email','2026-11-29 09:25:57.324466');
INSERT INTO "django_migrations" VALUES(21,'account','0006_emailaddress_lower','2026-11-29 09:25:57.356274');
INSERT INTO "django_migrations" VALUES(22,'account','0007_emailaddress_idx_email','2026-11-29 09:25:57.404120');
INSERT INTO "django_migrations" VALUES(23,'account','0008_emailaddress_unique_primary_email_fixup','2026-11-29 09:25:57.442169');
INSERT INTO "django_migrations" VALUES(24,'account','0009_emailaddress_unique_primary_email','2026-11-29 09:25:57.463129');
INSERT INTO "django_migrations" VALUES(25,'admin','0001_initial','2026-11-29 09:25:57.478264');
INSERT INTO "django_migrations" VALUES(26,'admin','0002_logentry_remove_auto_add','2026-11-29 09:25:57.501761');
INSERT INTO "django_migrations" VALUES(27,'admin','0003_logentry_add_action_flag_choices','2026-11-29 09:25:57.521724');
INSERT INTO "django_migrations" VALUES(28,'dashboard','0002_registry_zone','2026-11-29 09:25:57.541978');
INSERT INTO "django_migrations" VALUES(29,'dashboard','0003_exchange_indexes','2026-11-29 09:25:57.581989');
INSERT INTO "django_migrations" VALUES(30,'registry','0001_initial','2026-11-29 09:25:57.619011');
INSERT INTO "django_migrations" VALUES(31,'registry','0002_zone','2026-11-29 09:25:57.651322');
INSERT INTO "django_migrations" VALUES(32,'sessions','0001_initial','2026-11-29 09:25:57.653230');
CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL);
CREATE TABLE "registry_account" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "username" varchar(150) NOT NULL UNIQUE, "secret_hash" varchar(255) NOT NULL, "is_active" bool NOT NULL, "note" text NOT NULL, "created_at" datetime NOT NULL);
INSERT INTO "registry_account" VALUES(1,'alice','argon2$argon2id$v=19$m=19456,t=2,p=1$amxFVE1uZzF3WXJJNzJhbWNoeWNGcw$R6QqXqm38hFsw/ik75ivwVQIG+VtHP7s3tCjqx4WoPE',1,'','2026-11-29 09:25:57.852380');
CREATE TABLE "registry_loginfailure" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "login" varchar(64) NOT NULL, "address" varchar(64) NOT NULL, "at" datetime NOT NULL);
CREATE TABLE "registry_nameserver" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "address" varchar(300) NOT NULL UNIQUE, "sealed" text NOT NULL, "key_name" varchar(300) NOT NULL, "is_enabled" bool NOT NULL, "is_stopped" bool NOT NULL, "problem" text NOT NULL, "problem_at" datetime NULL, "serial" bigint unsigned NULL CHECK ("serial" >= 0), "seen_at" datetime NULL, "reconciled_at" datetime NULL, "zone_id" bigint NOT NULL REFERENCES "registry_zone" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "registry_nameserver" VALUES(1,'192.0.2.53','gAAAAABrC--l7vHHK2wmkEk7wZFsNQN7EYkkLJXtNO_NIuAHCU_NsueaaYuFWlx_ocvKPIG-QXZsCB1lLgH3SN5Aa-DgD-AOxPX751usVj6Gwu2ecelq1N1wkmM1rKCNnEIozqFBb0z-RBPPBYgGryzNEEF0qcVk7EvR8sj439TqKCb15895CY9cZ6WpYegaNdPW6lFWuZ_fIWxSu5OHt1Kk45i2huDXmg==','hmac-sha256:e164web',1,0,'',NULL,NULL,NULL,'2026-11-29 09:25:57.789850',1);
CREATE TABLE "registry_number" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "country" varchar(15) NOT NULL, "area" varchar(15) NOT NULL, "local" varchar(15) NOT NULL, "digits" varchar(15) NOT NULL UNIQUE, "account_id" bigint NOT NULL REFERENCES "registry_account" ("id") DEFERRABLE INITIALLY DEFERRED, "caller_name" varchar(255) NOT NULL, "is_block" bool NOT NULL, CONSTRAINT "registry_number_digits_joined" CHECK ("digits" = (COALESCE("country", '') || COALESCE((COALESCE("area", '') || COALESCE("local", '')), ''))));
INSERT INTO "registry_number" VALUES(1,'1','604','5550123','16045550123',1,'',0);
INSERT INTO "registry_number" VALUES(2,'44','20','79460958','442079460958',1,'',0);
INSERT INTO "registry_number" VALUES(3,'61','491','570156','61491570156',1,'',0);
CREATE TABLE "registry_publication" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(16) NOT NULL, "wanted" bigint NOT NULL, "sending" bigint NOT NULL, "done" bigint NOT NULL, "since" datetime NOT NULL, "retry_at" datetime NOT NULL, "done_at" datetime NULL, "attempts" integer unsigned NOT NULL CHECK ("attempts" >= 0), "problem" text NOT NULL, "note" text NOT NULL, "owns_text" bool NOT NULL, "name_server_id" bigint NOT NULL REFERENCES "registry_nameserver" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "registry_publication_once" UNIQUE ("name_server_id", "name"));
INSERT INTO "registry_publication" VALUES(1,'16045550123',235217401947460571,0,0,'2026-11-29 09:25:58.098764','2026-11-29 09:25:58.098764',NULL,0,'','',0,1);
INSERT INTO "registry_publication" VALUES(5,'442079460958',1890824364178740035,0,0,'2026-11-29 09:25:58.083653','2026-11-29 09:25:58.083653',NULL,0,'','',0,1);
INSERT INTO "registry_publication" VALUES(7,'61491570156',3461415895173992086,0,0,'2026-11-29 09:25:58.118172','2026-11-29 09:25:58.118172',NULL,0,'','',0,1);
CREATE TABLE "registry_record" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "order" integer unsigned NOT NULL CHECK ("order" >= 0), "preference" integer unsigned NOT NULL CHECK ("preference" >= 0), "service" varchar(100) NOT NULL, "hostdata" varchar(1000) NOT NULL, "number_id" bigint NOT NULL REFERENCES "registry_number" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "registry_record_preference_range" CHECK (("preference" >= 0 AND "preference" <= 65535)), CONSTRAINT "registry_record_order_fixed" CHECK ("order" = 100));
INSERT INTO "registry_record" VALUES(1,100,10,'SIP','alice@example.org',1);
INSERT INTO "registry_record" VALUES(2,100,20,'IAX2','pbx.example.org/5550123',1);
INSERT INTO "registry_record" VALUES(5,100,10,'XMPP','bob@example.net',3);
INSERT INTO "registry_record" VALUES(6,100,25,'SIP','dave@example.org',1);
INSERT INTO "registry_record" VALUES(7,100,30,'SIP','erin@example.net',3);
CREATE TABLE "registry_zone" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "suffix" varchar(253) NOT NULL, "ttl" integer unsigned NOT NULL CHECK ("ttl" >= 0), "max_digits" smallint unsigned NOT NULL CHECK ("max_digits" >= 0), "leading_zero" bool NOT NULL, "publishes_caller_names" bool NOT NULL, "primary" varchar(253) NOT NULL, "hostmaster" varchar(254) NOT NULL, "hosts" text NOT NULL, "negative_ttl" integer unsigned NOT NULL CHECK ("negative_ttl" >= 0), "writes_file" bool NOT NULL, "serial" bigint unsigned NOT NULL CHECK ("serial" >= 0), "revision" bigint NOT NULL, "filed" bigint NOT NULL);
INSERT INTO "registry_zone" VALUES(1,'e164.arpa',300,15,0,0,'','hostmaster@localhost','localhost',300,1,0,1581923853111047528,0);
CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model");
CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq" ON "auth_group_permissions" ("group_id", "permission_id");
CREATE INDEX "auth_group_permissions_group_id_b120cbf9" ON "auth_group_permissions" ("group_id");
CREATE INDEX "auth_group_permissions_permission_id_84c5c92e" ON "auth_group_permissions" ("permission_id");
CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq" ON "auth_permission" ("content_type_id", "codename");
CREATE INDEX "auth_permission_content_type_id_2f476e4b" ON "auth_permission" ("content_type_id");
CREATE UNIQUE INDEX "dashboard_user_groups_user_id_group_id_2c570fca_uniq" ON "dashboard_user_groups" ("user_id", "group_id");
CREATE INDEX "dashboard_user_groups_user_id_a915c7fc" ON "dashboard_user_groups" ("user_id");
CREATE INDEX "dashboard_user_groups_group_id_54086039" ON "dashboard_user_groups" ("group_id");
CREATE UNIQUE INDEX "dashboard_user_user_permissions_user_id_permission_id_550d0c70_uniq" ON "dashboard_user_user_permissions" ("user_id", "permission_id");
CREATE INDEX "dashboard_user_user_permissions_user_id_ea9b20c2" ON "dashboard_user_user_permissions" ("user_id");
CREATE INDEX "dashboard_user_user_permissions_permission_id_70269958" ON "dashboard_user_user_permissions" ("permission_id");
CREATE INDEX "dashboard_change_created_at_cf8953f8" ON "dashboard_change" ("created_at");
CREATE INDEX "dashboard_change_user_id_d0f52275" ON "dashboard_change" ("user_id");
CREATE INDEX "dashboard_change_credential_id_cf52be63" ON "dashboard_change" ("credential_id");
CREATE INDEX "change_open_of_number" ON "dashboard_change" ("credential_id", "number_id", "settled_at");
CREATE INDEX "dashboard_knownnumber_credential_id_3978a39e" ON "dashboard_knownnumber" ("credential_id");
CREATE INDEX "dashboard_credential_user_id_2896321f" ON "dashboard_credential" ("user_id");
CREATE INDEX "dashboard_credential_registry_id_995d9575" ON "dashboard_credential" ("registry_id");
CREATE INDEX "account_emailconfirmation_email_address_id_5b7f8c58" ON "account_emailconfirmation" ("email_address_id");
CREATE UNIQUE INDEX "account_emailaddress_user_id_email_987c8728_uniq" ON "account_emailaddress" ("user_id", "email");
CREATE UNIQUE INDEX "unique_verified_email" ON "account_emailaddress" ("email") WHERE "verified";
CREATE INDEX "account_emailaddress_user_id_2c513194" ON "account_emailaddress" ("user_id");
CREATE INDEX "account_emailaddress_email_03be32b2" ON "account_emailaddress" ("email");
CREATE UNIQUE INDEX "unique_primary_email" ON "account_emailaddress" ("user_id", "primary") WHERE "primary";
CREATE INDEX "django_admin_log_content_type_id_c4bce8eb" ON "django_admin_log" ("content_type_id");
CREATE INDEX "django_admin_log_user_id_c564eba6" ON "django_admin_log" ("user_id");
CREATE INDEX "exchange_latest_of_command" ON "dashboard_exchange" ("credential_id", "user_id", "command", "id" DESC);
CREATE INDEX "exchange_latest_of_user" ON "dashboard_exchange" ("user_id", "started_at" DESC);
CREATE INDEX "registry_loginfailure_at_98439629" ON "registry_loginfailure" ("at");
CREATE INDEX "registry_failure_address" ON "registry_loginfailure" ("address", "at");
CREATE INDEX "registry_record_number_id_2e9b3210" ON "registry_record" ("number_id");
CREATE INDEX "registry_number_account_id_a93cba10" ON "registry_number" ("account_id");
CREATE INDEX "registry_nameserver_zone_id_56accb1e" ON "registry_nameserver" ("zone_id");
CREATE INDEX "registry_publication_name_server_id_e26f5acb" ON "registry_publication" ("name_server_id");
CREATE INDEX "registry_publication_pending" ON "registry_publication" ("name_server_id", "since") WHERE NOT ("done" = ("wanted"));
CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date");
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('django_migrations',32);
INSERT INTO "sqlite_sequence" VALUES('django_content_type',20);
INSERT INTO "sqlite_sequence" VALUES('auth_permission',80);
INSERT INTO "sqlite_sequence" VALUES('auth_group',0);
INSERT INTO "sqlite_sequence" VALUES('dashboard_credential',1);
INSERT INTO "sqlite_sequence" VALUES('account_emailaddress',0);
INSERT INTO "sqlite_sequence" VALUES('django_admin_log',0);
INSERT INTO "sqlite_sequence" VALUES('dashboard_registry',1);
INSERT INTO "sqlite_sequence" VALUES('dashboard_exchange',28);
INSERT INTO "sqlite_sequence" VALUES('registry_record',7);
INSERT INTO "sqlite_sequence" VALUES('registry_number',3);
INSERT INTO "sqlite_sequence" VALUES('registry_zone',1);
INSERT INTO "sqlite_sequence" VALUES('registry_nameserver',1);
INSERT INTO "sqlite_sequence" VALUES('registry_publication',15);
INSERT INTO "sqlite_sequence" VALUES('registry_account',1);
INSERT INTO "sqlite_sequence" VALUES('dashboard_user',1);
INSERT INTO "sqlite_sequence" VALUES('dashboard_knownnumber',1);
INSERT INTO "sqlite_sequence" VALUES('dashboard_change',8);
COMMIT;
