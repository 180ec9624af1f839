using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Samepage.Channels;

/// <summary>Values as JSON, by what a source-generated context knows of them: no reflection, fit for native compilation.</summary>
/// <typeparam name="T">What the values are; null is none of them.</typeparam>
public sealed class JsonMessageSerializer<T> : IMessageSerializer<T>
{
    private readonly JsonTypeInfo<T> _type;
    private readonly JsonWriterOptions _options;
    private readonly Lock _gate = new();
    private Utf8JsonWriter? _idle;

    /// <param name="type">Of a source-generated context: <c>MyContext.Default.MyType</c>.</param>
    public JsonMessageSerializer(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        _type = type;
        _options = new JsonWriterOptions
        {
            Encoder = type.Options.Encoder,
            Indented = type.Options.WriteIndented,
            SkipValidation = true,
        };
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public void Write(T value, IBufferWriter<byte> writer)
    {
        if (value is null)
            throw new ArgumentNullException(nameof(value));
        Utf8JsonWriter json = Take(writer);
        JsonSerializer.Serialize(json, value, _type);
        json.Flush();
        // One that failed half-way is not used again.
        lock (_gate)
            _idle = json;
    }

    /// <inheritdoc/>
    /// <exception cref="JsonException">The message is no JSON of such a value.</exception>
    public T Read(ReadOnlySpan<byte> message) =>
        JsonSerializer.Deserialize(message, _type) ?? throw new JsonException($"The message is null, and a {typeof(T)} was expected.");

    private Utf8JsonWriter Take(IBufferWriter<byte> writer)
    {
        Utf8JsonWriter? json;
        lock (_gate)
            (json, _idle) = (_idle, null);
        if (json is null)
            return new Utf8JsonWriter(writer, _options);
        json.Reset(writer);
        return json;
    }
}
