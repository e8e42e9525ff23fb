using System.Text;

namespace LeadFunctions.Lifecycle.Owners;

/// <summary>Owners' ids as row keys: whoever names them, in a CRM or by hand, may use what a key must not hold.</summary>
internal static class OwnerKey
{
    private const char Escape = '%';

    public static string Of(string id)
    {
        var key = new StringBuilder(id.Length);
        foreach (var c in id)
        {
            _ = c is '/' or '\\' or '#' or '?' or Escape || char.IsControl(c) ? key.Append(Escape).Append(((int)c).ToString("x2")) : key.Append(c); // control characters end at 9f
        }

        return key.ToString();
    }

    public static string IdIn(string key)
    {
        var id = new StringBuilder(key.Length);
        for (var i = 0; i < key.Length; i++)
        {
            if (key[i] == Escape && i + 2 < key.Length && int.TryParse(key.AsSpan(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var c))
            {
                id.Append((char)c);
                i += 2;
            }
            else
            {
                id.Append(key[i]);
            }
        }

        return id.ToString();
    }
}
