using System.Text.Json;

namespace Engram.Tasks;

/// <summary>Where two documents of options differ, in words that a user can act on.</summary>
internal static class OptionsDifference
{
    /// <summary>The first member that is not the same: <c>'training.batchSize' is 32, and now 7</c>; null where there is none.</summary>
    /// <param name="before">What stands in the file.</param>
    /// <param name="now">What is asked for.</param>
    public static string? First(string before, string now)
    {
        using JsonDocument one = JsonDocument.Parse(before), other = JsonDocument.Parse(now);
        return First(one.RootElement, other.RootElement, "");
    }

    private static string? First(JsonElement before, JsonElement now, string path)
    {
        if (before.ValueKind != JsonValueKind.Object || now.ValueKind != JsonValueKind.Object)
        {
            return JsonElement.DeepEquals(before, now) ? null : $"'{path}' is {Show(before)}, and now {Show(now)}";
        }
        foreach (string name in before.EnumerateObject().Concat(now.EnumerateObject()).Select(member => member.Name).Distinct())
        {
            // A member that is left out has its default.
            JsonElement? one = before.TryGetProperty(name, out JsonElement was) ? was : null, other = now.TryGetProperty(name, out JsonElement value) ? value : null;
            string place = path.Length == 0 || path == "options" ? name : $"{path}.{name}";
            string? difference = one is null || other is null ? $"'{place}' is {Show(one)}, and now {Show(other)}" : First(one.Value, other.Value, place);
            if (difference is not null)
            {
                return difference;
            }
        }
        return null;
    }

    private static string Show(JsonElement? value) => value is { } given ? string.Join(' ', given.GetRawText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : "not given";
}
