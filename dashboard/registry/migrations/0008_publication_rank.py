"""Single changes and mass ones. The database knows the default, so nothing is locked for long and no row rewritten on
PostgreSQL, and processes of the version before go on writing.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0007_range"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="busy_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="publication",
            name="rank",
            field=models.SmallIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
