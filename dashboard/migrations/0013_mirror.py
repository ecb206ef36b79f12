"""What a refresh keeps to go on by itself, and the fields of a number as long as registries may write them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0012_large"),
    ]

    operations = [
        migrations.AddField(model_name="mirror", name="failures", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="mirror", name="due_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="mirror", name="used_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="mirror",
            index=models.Index(
                condition=models.Q(("wanted_at__isnull", False)), fields=["due_at"], name="mirror_due"
            ),
        ),
        *(
            migrations.AlterField(
                model_name="mirrorednumber", name=name, field=models.CharField(blank=True, max_length=100)
            )
            for name in ("country", "area", "local")
        ),
    ]
