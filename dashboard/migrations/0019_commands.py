"""How many commands one form sends together, so that a part of them is known for one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0018_lease"),
    ]

    operations = [
        migrations.AddField(
            model_name="change",
            name="commands",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
    ]
