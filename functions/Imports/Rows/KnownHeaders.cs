namespace LeadFunctions.Imports.Rows;

/// <summary>What columns are called in the exports of common programs, in letters and digits alone.</summary>
internal static class KnownHeaders
{
    private static readonly CellFormat Number = new(CellType.Number);

    private static readonly CellFormat Date = new(CellType.Date);

    private static readonly IReadOnlyDictionary<string, MappedColumn> Names = All().ToDictionary(known => known.Name, known => known.Column, StringComparer.Ordinal);

    /// <summary>Null for a column that nobody knows.</summary>
    public static MappedColumn? Find(string header) =>
        Names.TryGetValue(string.Concat(header.ToLowerInvariant().Where(char.IsLetterOrDigit)), out var known) ? known with { Column = header } : null;

    private static IEnumerable<(string Name, MappedColumn Column)> All()
    {
        foreach (var name in (string[])["email", "emailaddress", "mail", "emailadresse", "adresseemail", "correoelectronico", "workemail", "primaryemail", "contactemail"])
        {
            yield return (name, Of(ColumnRole.Email, ""));
        }

        foreach (var name in (string[])["userid", "user", "externalid", "customerid", "customernumber", "customerno", "kundennummer", "memberid", "accountuserid"])
        {
            yield return (name, Of(ColumnRole.UserId, ""));
        }

        // Salesforce: "Email Opt Out"; HubSpot: "Unsubscribed from all email"; Mailchimp: the time, in a file of its own.
        foreach (var name in (string[])["emailoptout", "hasoptedoutofemail", "unsubscribedfromallemail", "optedoutofemail", "unsubscribed", "unsubtime", "abmeldung"])
        {
            yield return (name, Of(ColumnRole.Consent, "marketing") with { Channel = "email", IsRefusal = true });
        }

        foreach (var name in (string[])["donotcall", "phoneoptout"])
        {
            yield return (name, Of(ColumnRole.Consent, "marketing") with { Channel = "phone", IsRefusal = true });
        }

        foreach (var name in (string[])["acceptsmarketing", "acceptsemailmarketing", "emailmarketingconsent", "marketingconsent", "newsletter", "subscribed", "optin", "emailoptin"])
        {
            yield return (name, Of(ColumnRole.Consent, "marketing") with { Channel = "email" });
        }

        yield return ("acceptssmsmarketing", Of(ColumnRole.Consent, "marketing") with { Channel = "sms" });
        foreach (var name in (string[])["lists", "listmemberships", "groups", "gruppen"])
        {
            yield return (name, Of(ColumnRole.List, ""));
        }

        foreach (var (name, trait, format) in Traits())
        {
            yield return (name, Of(ColumnRole.Trait, trait) with { Format = format });
        }

        // What the product reckons itself, and what its own exports show of that; what a mail program notes of a member.
        foreach (var name in (string[])["id", "leadid", "segments", "stage", "owner", "engagement", "fit", "grade", "firstseen", "lastseen", "memberrating", "optinip", "confirmip", "euid", "leid", "lastchanged", "emailsha256", "unsubreason", "notes"])
        {
            yield return (name, Of(ColumnRole.Ignore, ""));
        }
    }

    private static IEnumerable<(string Name, string Trait, CellFormat Format)> Traits() =>
    [
        ("firstname", "firstName", CellFormat.Text), ("fname", "firstName", CellFormat.Text), ("givenname", "firstName", CellFormat.Text), ("vorname", "firstName", CellFormat.Text), ("prenom", "firstName", CellFormat.Text),
        ("lastname", "lastName", CellFormat.Text), ("lname", "lastName", CellFormat.Text), ("surname", "lastName", CellFormat.Text), ("familyname", "lastName", CellFormat.Text), ("nachname", "lastName", CellFormat.Text),
        ("name", "name", CellFormat.Text), ("fullname", "name", CellFormat.Text), ("contactname", "name", CellFormat.Text),
        ("company", "company.name", CellFormat.Text), ("companyname", "company.name", CellFormat.Text), ("accountname", "company.name", CellFormat.Text), ("organization", "company.name", CellFormat.Text), ("organisation", "company.name", CellFormat.Text), ("firma", "company.name", CellFormat.Text),
        ("industry", "company.industry", CellFormat.Text), ("branche", "company.industry", CellFormat.Text),
        ("employees", "company.employees", Number), ("numberofemployees", "company.employees", Number), ("noofemployees", "company.employees", Number), ("companysize", "company.size", CellFormat.Text),
        ("annualrevenue", "company.annualRevenue", Number), ("website", "company.website", CellFormat.Text), ("websiteurl", "company.website", CellFormat.Text), ("companydomainname", "company.domain", CellFormat.Text),
        ("jobtitle", "title", CellFormat.Text), ("title", "title", CellFormat.Text), ("position", "title", CellFormat.Text),
        ("phone", "phone", CellFormat.Text), ("phonenumber", "phone", CellFormat.Text), ("mobile", "mobile", CellFormat.Text), ("mobilephone", "mobile", CellFormat.Text), ("mobilephonenumber", "mobile", CellFormat.Text), ("telefon", "phone", CellFormat.Text),
        ("address", "address.street", CellFormat.Text), ("street", "address.street", CellFormat.Text), ("streetaddress", "address.street", CellFormat.Text), ("mailingstreet", "address.street", CellFormat.Text),
        ("city", "address.city", CellFormat.Text), ("mailingcity", "address.city", CellFormat.Text), ("ort", "address.city", CellFormat.Text),
        ("zip", "address.postalCode", CellFormat.Text), ("zipcode", "address.postalCode", CellFormat.Text), ("postalcode", "address.postalCode", CellFormat.Text), ("mailingzippostalcode", "address.postalCode", CellFormat.Text), ("plz", "address.postalCode", CellFormat.Text),
        ("state", "address.state", CellFormat.Text), ("stateregion", "address.state", CellFormat.Text), ("mailingstateprovince", "address.state", CellFormat.Text),
        ("country", "country", CellFormat.Text), ("countryregion", "country", CellFormat.Text), ("mailingcountry", "country", CellFormat.Text), ("land", "country", CellFormat.Text), ("cc", "country", CellFormat.Text),
        ("timezone", "timezone", CellFormat.Text), ("language", "language", CellFormat.Text), ("preferredlanguage", "language", CellFormat.Text), ("sprache", "language", CellFormat.Text),
        ("birthday", "birthday", Date), ("dateofbirth", "birthday", Date), ("birthdate", "birthday", Date), ("geburtsdatum", "birthday", Date),
        ("createdate", "createdAt", Date), ("createddate", "createdAt", Date), ("optintime", "optedInAt", Date), ("confirmtime", "optInConfirmedAt", Date),
        ("recordid", "crm.id", CellFormat.Text), ("contactid", "crm.id", CellFormat.Text), ("leadstatus", "crm.leadStatus", CellFormat.Text), ("lifecyclestage", "crm.stage", CellFormat.Text), ("contactowner", "crm.owner", CellFormat.Text), ("leadsource", "crm.source", CellFormat.Text),
        ("originalsource", "crm.source", CellFormat.Text), ("tags", "tags", CellFormat.Text),
    ];

    private static MappedColumn Of(ColumnRole role, string name) => new("", role, name, CellFormat.Text);
}
