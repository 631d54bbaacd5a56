from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_representation'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.BinaryField(max_length=32)),
                ('key_id', models.CharField(max_length=8)),
                ('document', models.BinaryField()),
            ],
            options={
                'db_table': 'vault_contact_entry',
                'constraints': [models.UniqueConstraint(fields=('fingerprint',), name='one_contact_entry_a_number')],
            },
        ),
        # In the vault, as everything with numbers in it (KPR-forskriften § 5-2). Written by hand.
        migrations.RunSQL(
            sql='ALTER TABLE vault_contact_entry SET SCHEMA vault',
            reverse_sql='ALTER TABLE vault.vault_contact_entry SET SCHEMA public',
        ),
    ]
