"""What a number's tags were before a job and after it, so that it can be taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0019_commands"),
    ]

    operations = [
        migrations.AddField(
            model_name="jobnumber",
            name="tags",
            field=models.JSONField(null=True),
        ),
    ]
