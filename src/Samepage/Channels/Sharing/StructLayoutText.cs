using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Samepage.Channels;

/// <summary>The layout of an unmanaged struct in words: the names, offsets and sizes of its fields, which two programs must agree on.</summary>
/// <remarks>The struct's own name does not count: two programs may call it differently. What the base class library defines is one field, unless it is generic.</remarks>
internal static class StructLayoutText
{
    private const byte Mark = 0xFF;
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static string Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)] T>()
        where T : unmanaged
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Unsafe.SizeOf<T>()} bytes");
        if (!IsOne(typeof(T)))
            AppendFields(text, typeof(T), Unsafe.SizeOf<T>());
        else
            text.Append(CultureInfo.InvariantCulture, $" {NameOf(typeof(T))}");
        return text.ToString();
    }

    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "The fields of a struct that is in use are kept: they are its layout.")]
    private static void AppendFields(StringBuilder text, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)] Type type, int size)
    {
        string separator = " { ";
        foreach (FieldInfo field in type.GetFields(Fields).OrderBy(static f => f.MetadataToken))
        {
            if (field.FieldType.IsPointer || field.FieldType.IsFunctionPointer)
                throw new NotSupportedException($"{type.Name}.{field.Name} is a pointer, which means nothing in another process. Send what it points to.");
            if (Nullable.GetUnderlyingType(field.FieldType) is not null)
                throw new NotSupportedException($"{type.Name}.{field.Name} may be null, which has no layout of its own. Send a flag and a value.");
            (int offset, int length) = PlaceOf(field, type, size);
            text.Append(CultureInfo.InvariantCulture, $"{separator}{field.Name} {offset}+{length}");
            separator = ", ";
            if (IsOne(field.FieldType))
                text.Append(CultureInfo.InvariantCulture, $" {NameOf(field.FieldType)}");
            else
                AppendFields(text, field.FieldType, length);
        }
        text.Append(" }");
    }

    /// <summary>Found by filling the field, and looking where the bytes went.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "A struct needs no constructor.")]
    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "A struct needs no constructor.")]
    private static (int Offset, int Length) PlaceOf(FieldInfo field, Type type, int size)
    {
        object whole = RuntimeHelpers.GetUninitializedObject(type);
        object part = RuntimeHelpers.GetUninitializedObject(field.FieldType.IsEnum ? Enum.GetUnderlyingType(field.FieldType) : field.FieldType);
        BytesOf(part, SizeOf(field.FieldType)).Fill(Mark);
        field.SetValue(whole, field.FieldType.IsEnum ? Enum.ToObject(field.FieldType, part) : part);
        ReadOnlySpan<byte> bytes = BytesOf(whole, size);
        int offset = bytes.IndexOf(Mark);
        return (offset, SizeOf(field.FieldType));
    }

    private static Span<byte> BytesOf(object boxed, int size) => MemoryMarshal.CreateSpan(ref Unsafe.As<Box>(boxed).First, size);

    private static int SizeOf(Type type) => RuntimeHelpers.SizeOf(type.TypeHandle);

    private static bool IsOne(Type type) =>
        type.IsPrimitive || type.IsEnum || !type.IsGenericType && type.Assembly == typeof(object).Assembly;

    private static string NameOf(Type type) => type.IsEnum ? Enum.GetUnderlyingType(type).Name : type.Name;

    private sealed class Box
    {
        public byte First;
    }
}
