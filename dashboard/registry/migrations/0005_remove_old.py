from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_carry_over"),
    ]

    operations = [
        migrations.RemoveField(model_name="nameserver", name="is_stopped"),
        migrations.RemoveField(model_name="publication", name="owns_text"),
    ]
