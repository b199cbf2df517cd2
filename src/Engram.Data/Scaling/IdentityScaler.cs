using System.Text.Json.Serialization;

namespace Engram.Data;

/// <summary>Leaves values as they are.</summary>
public sealed record IdentityScaler : Scaler
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override double Offset => 0;

    /// <inheritdoc/>
    [JsonIgnore]
    public override double Scale => 1;
}
