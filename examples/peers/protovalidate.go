package peers

import (
	"errors"
	"regexp"
	"strconv"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

type validated struct {
	form      protoreflect.MessageDescriptor
	validator protovalidate.Validator
}

// loadProtovalidate gives the rules to the message as a whole, since each may
// read all of it. Descriptors are built here, so that nothing is generated;
// building them is a matter of compiling a program, and not part of loading.
func loadProtovalidate() (Engine, error) {
	v, err := protovalidate.New(protovalidate.WithMessageDescriptors(formMessage), protovalidate.WithDisableLazy())
	return &validated{formMessage, v}, err
}

var formMessage = describeForm()

var sectionName = regexp.MustCompile(`\b(one|two|three)\.`)

func describeForm() protoreflect.MessageDescriptor {
	types := []descriptorpb.FieldDescriptorProto_Type{
		descriptorpb.FieldDescriptorProto_TYPE_STRING,
		descriptorpb.FieldDescriptorProto_TYPE_INT64,
		descriptorpb.FieldDescriptorProto_TYPE_BOOL,
	}
	section := &descriptorpb.DescriptorProto{Name: proto.String("Section")}
	for i := range 10 {
		section.Field = append(section.Field, describeField("f"+strconv.Itoa(i), i, types[i%3], ""))
	}
	form := &descriptorpb.DescriptorProto{Name: proto.String("Form"), Options: &descriptorpb.MessageOptions{}}
	for i, name := range []string{"one", "two", "three"} {
		form.Field = append(form.Field, describeField(name, i, descriptorpb.FieldDescriptorProto_TYPE_MESSAGE, ".peers.Section"))
	}
	constraints := &validate.MessageRules{}
	for i, expression := range Rules {
		constraints.Cel = append(constraints.Cel, &validate.Rule{
			Id:         proto.String("r" + strconv.Itoa(i)),
			Expression: proto.String(sectionName.ReplaceAllString(expression, "this.$1.")),
		})
	}
	proto.SetExtension(form.Options, validate.E_Message, constraints)
	return mustDescribe(form, section)
}

func describeField(name string, i int, t descriptorpb.FieldDescriptorProto_Type, message string) *descriptorpb.FieldDescriptorProto {
	f := &descriptorpb.FieldDescriptorProto{
		Name: &name, Number: proto.Int32(int32(i + 1)), Type: &t,
		Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
	}
	if message != "" {
		f.TypeName = &message
	}
	return f
}

// mustDescribe gives the first of the messages of a file in proto2, whose
// optional fields are absent where they are not set.
func mustDescribe(messages ...*descriptorpb.DescriptorProto) protoreflect.MessageDescriptor {
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("peers.proto"), Package: proto.String("peers"), MessageType: messages,
	}, protoregistry.GlobalFiles)
	if err != nil {
		panic(err)
	}
	return file.Messages().Get(0)
}

func (v *validated) Fill(f *Form) (func() (Verdicts, error), error) {
	message := dynamicpb.NewMessage(v.form)
	for i, s := range []*Section{&f.One, &f.Two, &f.Three} {
		of := message.Mutable(v.form.Fields().Get(i)).Message()
		for name, value := range s.fields() {
			of.Set(of.Descriptor().Fields().ByName(protoreflect.Name(name)), protoreflect.ValueOf(value))
		}
	}
	return func() (out Verdicts, err error) {
		for i := range out {
			out[i] = true
		}
		err = v.validator.Validate(message)
		var invalid *protovalidate.ValidationError
		if !errors.As(err, &invalid) {
			return out, err
		}
		for _, violation := range invalid.Violations {
			i, err := strconv.Atoi(violation.Proto.GetRuleId()[1:])
			if err != nil {
				return out, err
			}
			out[i] = false
		}
		return out, nil
	}, nil
}
