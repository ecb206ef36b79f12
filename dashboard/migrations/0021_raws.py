"""Raw records that an import keeps, in its lines and in the numbers of its job; and two clicks are one import."""

from django.db import migrations, models

from dashboard.models.fields import RawsField


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0020_marks"),
    ]

    operations = [
        migrations.AddField(
            model_name="import", name="submission", field=models.UUIDField(editable=False, null=True)
        ),
        migrations.AddField(model_name="importline", name="raws", field=RawsField(null=True)),
        migrations.AddField(model_name="jobnumber", name="raws_before", field=RawsField(null=True)),
        migrations.AddField(model_name="jobnumber", name="raws_after", field=RawsField(null=True)),
        migrations.AddField(model_name="jobnumber", name="raws_done", field=models.BooleanField(null=True)),
    ]
